package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.segment.DataFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which files become one: small ones of one partition that lie beside each other in the table and that the
/// log reads
/// as they are. Pure.
///
/// @param groups in offset order within a partition
record CompactionPlan(List<Group> groups) {
    /// Every sidecar lists every row group of its file: more would make sidecars large.
    static final int MOST_ROW_GROUPS = 256;

    CompactionPlan {
        groups = List.copyOf(groups);
    }

    /// @param files in ascending order of offset
    record Group(int partition, List<DataFile> files) {
        Group {
            files = List.copyOf(files);
        }
    }

    /// A larger file that some sidecars list and the table does not.
    ///
    /// @param listed the files in its range that other sidecars list
    /// @param locations of the table's files that it takes the place of
    record Unsettled(int partition, DataFile joined, List<DataFile> listed, List<String> locations) {
        Unsettled {
            listed = List.copyOf(listed);
            locations = List.copyOf(locations);
        }
    }

    static CompactionPlan of(
            ListedFiles names, PresentFiles present, ArchivedTopic archived, long targetBytes, int leastFiles) {
        List<Group> groups = new ArrayList<>();
        archived.partitions().forEach((number, partition) -> {
            Map<String, DataFile> listed = new HashMap<>();
            files(partition).values().forEach(file -> listed.put(names.location(file), file));
            Run run = new Run(number, targetBytes, leastFiles, groups);
            for (org.apache.iceberg.DataFile file : present.of(number)) {
                DataFile known = listed.get(file.location());
                // what is about to leave the table is not worth the work
                boolean joins = known != null
                        && known.firstOffset() >= partition.logStart()
                        && known.rows() == file.recordCount()
                        && known.lengthBytes() < targetBytes / 4 * 3
                        && known.rowGroups().size() <= MOST_ROW_GROUPS / 2;
                run.next(joins ? known : null);
            }
            run.end();
        });
        return new CompactionPlan(groups);
    }

    private static Map<String, DataFile> files(ArchivedTopic.Partition partition) {
        Map<String, DataFile> files = new LinkedHashMap<>();
        for (ArchivedTopic.Segment segment : partition.segments()) {
            segment.files().forEach(file -> files.put(file.path(), file));
        }
        return files;
    }

    /// Gathers neighbours until they are large enough.
    private static final class Run {
        private final int partition;
        private final long targetBytes;
        private final int leastFiles;
        private final List<Group> groups;
        private List<DataFile> files = new ArrayList<>();
        private long bytes;
        private int rowGroups;

        Run(int partition, long targetBytes, int leastFiles, List<Group> groups) {
            this.partition = partition;
            this.targetBytes = targetBytes;
            this.leastFiles = leastFiles;
            this.groups = groups;
        }

        void next(@org.jspecify.annotations.Nullable DataFile file) {
            if (file == null) {
                end();
                return;
            }
            if (bytes + file.lengthBytes() > targetBytes
                    || rowGroups + file.rowGroups().size() > MOST_ROW_GROUPS) {
                end();
            }
            files.add(file);
            bytes += file.lengthBytes();
            rowGroups += file.rowGroups().size();
        }

        void end() {
            if (files.size() >= leastFiles && files.size() > 1) {
                groups.add(new Group(partition, files));
            }
            files = new ArrayList<>();
            bytes = 0;
            rowGroups = 0;
        }
    }

    static List<Unsettled> unsettled(ListedFiles names, PresentFiles present, ArchivedTopic archived) {
        List<Unsettled> unsettled = new ArrayList<>();
        archived.partitions().forEach((number, partition) -> {
            Set<String> inTable = new HashSet<>();
            present.of(number).forEach(file -> inTable.add(file.location()));
            Collection<DataFile> listed = files(partition).values();
            for (DataFile file : listed) {
                if (!inTable.contains(names.location(file))) {
                    unsettled(number, present.of(number), file, listed, unsettled);
                }
            }
        });
        return unsettled;
    }

    /// Only when the table's files in the range hold the same rows, and there are several: then nobody but a
    /// compaction has made the larger one.
    private static void unsettled(
            int partition,
            List<org.apache.iceberg.DataFile> present,
            DataFile joined,
            Collection<DataFile> listed,
            List<Unsettled> unsettled) {
        List<String> locations = new ArrayList<>();
        long rows = 0;
        for (org.apache.iceberg.DataFile file : present) {
            if (PresentFiles.first(file) >= joined.firstOffset() && PresentFiles.last(file) <= joined.lastOffset()) {
                locations.add(file.location());
                rows += file.recordCount();
            }
        }
        if (rows == joined.rows() && locations.size() > 1) {
            List<DataFile> others = listed.stream()
                    .filter(file -> !file.path().equals(joined.path()))
                    .filter(file -> holds(joined, file))
                    .toList();
            unsettled.add(new Unsettled(partition, joined, others, locations));
        }
    }

    /// Whether every row group of a file was taken over, byte for byte.
    private static boolean holds(DataFile joined, DataFile file) {
        Map<Long, DataFile.RowGroup> byFirst = new HashMap<>();
        joined.rowGroups().forEach(group -> byFirst.put(group.firstOffset(), group));
        return file.rowGroups().stream().allMatch(group -> {
            DataFile.RowGroup same = byFirst.get(group.firstOffset());
            return same != null
                    && same.lastOffset() == group.lastOffset()
                    && same.rows() == group.rows()
                    && same.crc32c() == group.crc32c();
        });
    }
}
