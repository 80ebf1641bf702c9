package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import io.weir.tiered.segment.OffsetSpans;
import io.weir.tiered.segment.Sidecar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds every record of a key in the archive of a topic, those of aborted transactions included, which no
/// table has.
/// Reads every row group once.
@SuppressWarnings("ArrayRecordComponent") // used once, never compared
record KeyScan(SegmentRewrites rewrites, byte[] key) {
    Map<Integer, OffsetSpans> of(ArchivedTopic topic) throws IOException {
        Map<Integer, OffsetSpans> found = new HashMap<>();
        for (ArchivedTopic.Partition partition : topic.partitions().values()) {
            List<Long> offsets = new ArrayList<>();
            for (ArchivedTopic.Segment segment : partition.segments()) {
                Sidecar sidecar = rewrites.sidecar(segment.address());
                rows(ColdSegment.open(sidecar, rewrites::bytesOf), offsets);
                UnseenRecords.aborted(sidecar, record -> {
                    if (record.hasKey() && ByteBuffer.wrap(key).equals(record.key())) {
                        offsets.add(record.offset());
                    }
                });
            }
            if (!offsets.isEmpty()) {
                found.put(
                        partition.partition(),
                        OffsetSpans.of(
                                offsets.stream().mapToLong(Long::longValue).toArray()));
            }
        }
        return found;
    }

    private void rows(ColdSegment segment, List<Long> offsets) throws IOException {
        for (ColdSegment.RowGroup group : segment.rowGroups()) {
            DecodedRows rows = group.decode();
            for (int row = 0; row < rows.rows(); row++) {
                if (Arrays.equals(key, rows.key(row))) {
                    offsets.add(rows.offset(row));
                }
            }
        }
    }
}
