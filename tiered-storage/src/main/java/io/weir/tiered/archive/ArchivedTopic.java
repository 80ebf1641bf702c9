package io.weir.tiered.archive;

import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.Origin;
import io.weir.tiered.segment.SegmentAddress;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// What the archive holds of one topic, at one moment: finished segments only.
///
/// @param partitions every partition of the topic, by number
public record ArchivedTopic(String topic, UUID topicId, Map<Integer, Partition> partitions) {
    public ArchivedTopic {
        partitions = Collections.unmodifiableMap(new TreeMap<>(partitions));
    }

    /// One partition. Invariant: `logStart <= committed`; the segments cover `[logStart, committed)` without
    /// a
    /// gap.
    ///
    /// @param logStart earliest offset that the log still has
    /// @param committed next offset that is not in the segments; equals `logStart` when nothing is archived
    /// @param segments in offset order; a segment may begin below `logStart` or overlap the one before
    public record Partition(int partition, long logStart, long committed, List<Segment> segments) {
        public Partition {
            segments = List.copyOf(segments);
        }
    }

    /// One finished segment.
    ///
    /// @param firstOffset least offset of it that counts: below it the log start or an earlier segment has
    ///     the
    ///     word
    /// @param endOffset its last offset
    /// @param originalBytes size of the local segment it was made from
    /// @param sidecarBytes size of the sidecar object
    /// @param files its data files; empty when it holds no rows
    public record Segment(
            SegmentAddress address,
            long firstOffset,
            long endOffset,
            long originalBytes,
            long sidecarBytes,
            Origin origin,
            List<DataFile> files) {
        public Segment {
            files = List.copyOf(files);
        }

        /// Whether it is stored as it is: a segment of rows has a batch at least.
        public boolean isClassic() {
            return origin.batches() == 0;
        }

        /// Bytes of all objects of the segment; of a file that it shares with others, its own row groups.
        public long storedBytes() {
            return sidecarBytes
                    + (isClassic() ? originalBytes : 0)
                    + files.stream().mapToLong(this::bytesIn).sum();
        }

        private long bytesIn(DataFile file) {
            long base = address.baseOffset();
            return file.firstOffset() >= base && file.lastOffset() <= endOffset
                    ? file.lengthBytes()
                    : file.rowGroups().stream()
                            .filter(group -> group.lastOffset() >= base && group.firstOffset() <= endOffset)
                            .mapToLong(DataFile.RowGroup::lengthBytes)
                            .sum();
        }
    }
}
