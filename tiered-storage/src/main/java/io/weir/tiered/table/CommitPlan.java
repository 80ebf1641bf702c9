package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.segment.DataFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What one commit adds to a table: decided by the table's vector alone, so that a segment offered again, or
/// one that overlaps what is in, never adds a row twice.
///
/// @param files to append, in offset order within a partition
/// @param segments they come from, and those without rows
/// @param next the vector once this is in
/// @param gapOffsets offsets that never came: the log had dropped them before they were archived
/// @param whole false when more segments wait for the next commit
record CommitPlan(List<PlannedFile> files, List<UUID> segments, OffsetVector next, long gapOffsets, boolean whole) {
    CommitPlan {
        files = List.copyOf(files);
        segments = List.copyOf(segments);
    }

    /// @param fromOffset rows below it are in the table already: when above the file's first offset, the file
    ///     is rewritten without them
    record PlannedFile(int partition, DataFile file, long fromOffset) {
        boolean isWhole() {
            return fromOffset <= file.firstOffset();
        }
    }

    /// @param present the table's vector
    /// @param mostSegments taken at once
    static CommitPlan of(ArchivedTopic topic, OffsetVector present, int mostSegments) {
        List<PlannedFile> files = new ArrayList<>();
        List<UUID> segments = new ArrayList<>();
        Map<Integer, Long> next = new HashMap<>();
        long gap = 0;
        for (ArchivedTopic.Partition partition : topic.partitions().values()) {
            int number = partition.partition();
            // segments follow each other from the log's start without a gap, so what is missing before the first
            // new one has fallen below the log's start
            long reached = present.of(number).orElse(-1);
            for (ArchivedTopic.Segment segment : partition.segments()) {
                if (segment.endOffset() < reached) {
                    continue;
                }
                if (segments.size() == mostSegments) {
                    return new CommitPlan(files, segments, present.with(next), gap, false);
                }
                long base = segment.address().baseOffset();
                gap += reached < 0 ? 0 : Math.max(0, base - reached);
                long covered = segment.endOffset();
                for (DataFile file : segment.files()) {
                    if (file.lastOffset() >= reached) {
                        files.add(new PlannedFile(number, file, Math.max(reached, file.firstOffset())));
                        // a file that several segments share brings the rows of all of them
                        covered = Math.max(covered, file.lastOffset());
                    }
                }
                segments.add(segment.address().segment());
                reached = covered + 1;
                next.put(number, reached);
            }
        }
        return new CommitPlan(files, segments, present.with(next), gap, true);
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }
}
