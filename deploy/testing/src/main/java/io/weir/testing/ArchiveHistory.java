package io.weir.testing;

import io.weir.streams.testing.HistoryRecord;
import io.weir.streams.testing.HistorySource;
import io.weir.tiered.archive.PartitionRecords;
import io.weir.tiered.archive.StoredTopic;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// History straight from the Parquet files of an archive, no node needed: `file:///data/archive`.
public final class ArchiveHistory implements HistorySource {
    private static final long BYTES_AT_ONCE = 8L << 20;

    @Override
    public boolean reads(URI place) {
        return "file".equals(place.getScheme());
    }

    @Override
    public List<HistoryRecord> read(URI place, String topic, long fromMillis, long toMillis) {
        List<HistoryRecord> records = new ArrayList<>();
        try (ObjectStore store = HadoopObjectStore.open(place, Map.of())) {
            StoredTopic stored = StoredTopic.find(store, topic)
                    .orElseThrow(() -> new IllegalArgumentException("History: the archive '" + place
                            + "' holds nothing of topic '" + topic + "'. Tier it first: ./weir tier now " + topic));
            for (PartitionRecords partition : new TreeMap<>(stored.partitions()).values()) {
                PartitionRecords.Part part = partition.next(BYTES_AT_ONCE);
                while (!part.last()) {
                    for (ConsumerRecord<byte[], byte[]> record : part.records()) {
                        if (record.timestamp() >= fromMillis && record.timestamp() < toMillis) {
                            records.add(history(record));
                        }
                    }
                    part = partition.next(BYTES_AT_ONCE);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("History: the archive '" + place + "' cannot be read.", e);
        }
        return records;
    }

    private static HistoryRecord history(ConsumerRecord<byte[], byte[]> record) {
        return new HistoryRecord(
                record.topic(), record.partition(), record.offset(), record.timestamp(), record.key(), record.value());
    }
}
