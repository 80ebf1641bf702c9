package io.weir.tiered.archive;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
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
import org.jspecify.annotations.Nullable;

/// Lines of JSON as one local segment, in batches as a producer sends them (64 KiB before compression, one codec).
final class NdjsonSegment {
    private static final int BATCH_BYTES = 64 * 1024;
    private static final TopicIdPartition PARTITION =
            new TopicIdPartition(new Uuid(1, 2), new TopicPartition("flights", 0));

    /// Key and time of a line.
    interface Line {
        byte @Nullable [] key(String line);

        long millis(String line);
    }

    /// Flights are keyed by their origin and dated by their departure.
    static final Line FLIGHT = new Line() {
        @Override
        public byte[] key(String line) {
            int key = line.indexOf("\"origin\":\"") + 10;
            return line.substring(key, key + 3).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long millis(String line) {
            int date = line.indexOf("\"date\":\"") + 8;
            return Instant.parse(line.substring(date, date + 20)).toEpochMilli();
        }
    };

    /// No key, one time.
    static final Line PLAIN = new Line() {
        @Override
        public byte @Nullable [] key(String line) {
            return null;
        }

        @Override
        public long millis(String line) {
            return 1_767_225_600_000L;
        }
    };

    final LogSegmentData data;
    final long records;
    final long valueBytes;
    final int segmentBytes;

    /// @param folder receives the segment
    /// @param file lines, gzipped when it is named so
    /// @param limit most records
    NdjsonSegment(Path folder, Path file, Line reading, CompressionType codec, int limit) throws IOException {
        Path log = folder.resolve("00000000000000000000.log");
        long offset = 0;
        long bytes = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8));
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(log))) {
            String line = lines.readLine();
            while (line != null && offset < limit) {
                MemoryRecordsBuilder batch = MemoryRecords.builder(
                        ByteBuffer.allocate(2 * BATCH_BYTES),
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
                for (int size = 0; line != null && offset < limit && size < BATCH_BYTES; offset++) {
                    byte[] value = line.getBytes(StandardCharsets.UTF_8);
                    batch.append(reading.millis(line), reading.key(line), value);
                    size += value.length;
                    bytes += value.length;
                    line = lines.readLine();
                }
                ByteBuffer built = batch.build().buffer();
                out.write(built.array(), built.arrayOffset() + built.position(), built.remaining());
            }
        }
        segmentBytes = Math.toIntExact(Files.size(log));
        records = offset;
        valueBytes = bytes;
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        data = new LogSegmentData(log, empty, empty, Optional.empty(), empty, ByteBuffer.allocate(0));
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    }

    RemoteLogSegmentMetadata metadata() {
        return new RemoteLogSegmentMetadata(
                RemoteLogSegmentId.generateNew(PARTITION), 0, records - 1, 0, 1, 0, segmentBytes, Map.of(0, 0L));
    }
}
