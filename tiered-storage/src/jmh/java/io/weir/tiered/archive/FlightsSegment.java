package io.weir.tiered.archive;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.server.log.remote.storage.LogSegmentData;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentId;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;

/// The shipped flights as one local segment, in batches as a producer sends them (500 records, one codec).
final class FlightsSegment {
    private static final int BATCH_RECORDS = 500;
    private static final TopicIdPartition PARTITION =
            new TopicIdPartition(new Uuid(1, 2), new TopicPartition("flights", 0));

    final LogSegmentData data;
    final long records;
    final long valueBytes;
    final int segmentBytes;

    /// @param folder receives the segment
    FlightsSegment(Path folder, Path flights, CompressionType codec, int limit) throws IOException {
        ByteBuffer segment = ByteBuffer.allocate(limit * 200);
        long offset = 0;
        long bytes = 0;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(flights)), StandardCharsets.UTF_8))) {
            while (offset < limit) {
                MemoryRecordsBuilder batch = MemoryRecords.builder(
                        ByteBuffer.allocate(64 * 1024),
                        (byte) 2,
                        Compression.of(codec).build(),
                        TimestampType.CREATE_TIME,
                        offset,
                        -1L,
                        -1L,
                        (short) -1,
                        -1,
                        false,
                        false,
                        0);
                for (int i = 0; i < BATCH_RECORDS; i++) {
                    String line = Objects.requireNonNull(lines.readLine());
                    int key = line.indexOf("\"origin\":\"") + 10;
                    int date = line.indexOf("\"date\":\"") + 8;
                    byte[] value = line.getBytes(StandardCharsets.UTF_8);
                    batch.append(
                            Instant.parse(line.substring(date, date + 20)).toEpochMilli(),
                            line.substring(key, key + 3).getBytes(StandardCharsets.UTF_8),
                            value);
                    bytes += value.length;
                }
                segment.put(batch.build().buffer());
                offset += BATCH_RECORDS;
            }
        }
        records = offset;
        valueBytes = bytes;
        segmentBytes = segment.position();
        byte[] all = new byte[segmentBytes];
        segment.flip().get(all);
        Path log = Files.write(folder.resolve("00000000000000000000.log"), all);
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        data = new LogSegmentData(log, empty, empty, Optional.empty(), empty, ByteBuffer.allocate(0));
    }

    RemoteLogSegmentMetadata metadata() {
        return new RemoteLogSegmentMetadata(
                RemoteLogSegmentId.generateNew(PARTITION), 0, records - 1, 0, 1, 0, segmentBytes, Map.of(0, 0L));
    }
}
