package io.weir.tiered.archive;

import io.weir.tiered.parquet.PageCodec;
import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.RecordHeader;
import io.weir.tiered.segment.Sidecar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// The records of aborted transactions in the archive of a topic. No table has them, and a condition about a topic is
/// asked of rows: so they are written as rows, for as long as it takes to ask.
record UnseenRecords(SegmentRewrites rewrites) {
    /// Told every record.
    @FunctionalInterface
    interface Sink {
        void take(Record record) throws IOException;
    }

    /// @return local files of rows, at most one a partition; the caller deletes them
    List<Path> asRows(ArchivedTopic topic) throws IOException {
        List<Path> files = new ArrayList<>();
        try {
            for (ArchivedTopic.Partition partition : topic.partitions().values()) {
                Path file = rewrites.staged(".parquet");
                files.add(file);
                if (write(partition, file) == 0) {
                    files.removeLast();
                    Files.delete(file);
                }
            }
            return files;
        } catch (IOException | RuntimeException e) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            throw e;
        }
    }

    private long write(ArchivedTopic.Partition partition, Path file) throws IOException {
        try (RecordFileWriter writer = RecordFileWriter.create(file, PageCodec.SNAPPY)) {
            long[] last = {-1};
            for (ArchivedTopic.Segment segment : partition.segments()) {
                aborted(rewrites.sidecar(segment.address()), record -> {
                    // segments may overlap
                    if (record.offset() > last[0]) {
                        last[0] = record.offset();
                        writer.write(
                                partition.partition(),
                                record.offset(),
                                record.timestamp(),
                                bytes(record.key()),
                                headers(record),
                                bytes(record.value()));
                    }
                });
            }
            return writer.rows();
        }
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        return buffer == null ? null : Utils.toArray(buffer);
    }

    private static List<RecordHeader> headers(Record record) {
        return Arrays.stream(record.headers())
                .map((Header header) -> new RecordHeader(header.key(), header.value()))
                .toList();
    }

    static void aborted(Sidecar sidecar, Sink sink) throws IOException {
        for (int ordinal = 0; ordinal < sidecar.batchCount(); ordinal++) {
            BatchEntry entry = sidecar.batch(ordinal);
            if (entry.has(BatchEntry.ABORTED) && entry.has(BatchEntry.VERBATIM)) {
                for (Record record : MemoryRecords.readableRecords(ByteBuffer.wrap(sidecar.verbatim(ordinal)))
                        .records()) {
                    sink.take(record);
                }
            }
        }
    }
}
