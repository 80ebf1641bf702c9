package io.weir.tiered.archive;

import io.weir.tiered.segment.OffsetSpans;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// The offsets that a request takes away, as an object `<cluster id>/erase/<request>.offsets`: they may be
/// more than a
/// record of the catalog takes. They tell nothing of what the records held.
///
/// ```
/// partitions i32; per partition: number i32 | ranges i32; per range: first offset i64 | last offset i64
/// ```
final class EraseSpans {
    private EraseSpans() {}

    static String path(ArchiveLayout layout, UUID request) {
        return layout.listed("erase/" + request + ".offsets");
    }

    static byte[] write(Map<Integer, OffsetSpans> spans) {
        int size = 4
                + spans.values().stream()
                        .mapToInt(each -> 8 + 16 * each.ranges())
                        .sum();
        ByteBuffer out = ByteBuffer.allocate(size).putInt(spans.size());
        new TreeMap<>(spans).forEach((partition, each) -> {
            out.putInt(partition).putInt(each.ranges());
            for (int i = 0; i < each.ranges(); i++) {
                out.putLong(each.first(i)).putLong(each.last(i));
            }
        });
        return out.array();
    }

    static Map<Integer, OffsetSpans> read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Map<Integer, OffsetSpans> spans = new TreeMap<>();
        int partitions = in.getInt();
        for (int i = 0; i < partitions; i++) {
            int partition = in.getInt();
            long[] bounds = new long[2 * in.getInt()];
            for (int j = 0; j < bounds.length; j++) {
                bounds[j] = in.getLong();
            }
            spans.put(partition, OffsetSpans.ofBounds(bounds));
        }
        return spans;
    }

    static void put(SegmentRewrites rewrites, ArchiveLayout layout, UUID request, Map<Integer, OffsetSpans> spans)
            throws IOException {
        Path staged = rewrites.staged(".offsets");
        try {
            byte[] bytes = write(spans);
            Files.write(staged, bytes);
            rewrites.put(path(layout, request), staged, Checksums.of(bytes));
        } finally {
            Files.deleteIfExists(staged);
        }
    }
}
