package io.weir.server;

import io.weir.log.fault.WeirException;
import io.weir.streams.replay.ColdReadException;
import io.weir.streams.replay.ColdReader;
import io.weir.streams.replay.ColdRecords;
import io.weir.tiered.archive.ArchiveUnavailableException;
import io.weir.tiered.archive.ArchivedRecords;
import io.weir.tiered.archive.NoSuchTopicException;
import io.weir.tiered.archive.PartitionRecords;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.segment.CorruptSegmentException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Gives the replays of jobs what the archive of this node holds.
@Singleton
public class ArchiveColdReader implements ColdReader {
    private final Supplier<ArchivedRecords> archive;

    @Inject
    ArchiveColdReader(ArchiveHere archive) {
        this(() -> archive.parts().records());
    }

    /// @param archive asked at each call: it opens after the node, and again after a failure
    ArchiveColdReader(Supplier<ArchivedRecords> archive) {
        this.archive = archive;
    }

    /// What reads the archive.
    @FunctionalInterface
    interface Read<T> {
        T get() throws IOException;
    }

    @Override
    public Map<TopicPartition, Long> ends(String topic) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        translated("Topic '" + topic + "'", () -> archive.get().ends(topic))
                .forEach((partition, end) -> ends.put(new TopicPartition(topic, partition), end));
        return ends;
    }

    @Override
    public ColdRecords open(TopicPartition partition, long from) {
        String what = "Partition '" + partition + "'";
        PartitionRecords records = translated(what, () -> archive.get().open(partition, from));
        return new ColdRecords() {
            @Override
            public Part next(long bytes) {
                PartitionRecords.Part part = translated(what, () -> records.next(bytes));
                return new Part(part.records(), part.next(), part.last());
            }

            @Override
            public long heldBytes() {
                return records.heldBytes();
            }

            @Override
            public void release() {
                records.release();
            }
        };
    }

    static <T> T translated(String what, Read<T> read) {
        try {
            return read.get();
        } catch (IOException
                | WeirException
                | ArchiveUnavailableException
                | NoSuchTopicException
                | CorruptSegmentException
                | KafkaException e) {
            throw new ColdReadException(what + ": the archive cannot be read: " + e.getMessage(), e);
        }
    }
}
