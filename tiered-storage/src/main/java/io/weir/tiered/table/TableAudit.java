package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.Finding;
import io.weir.tiered.archive.TableCheck;
import io.weir.tiered.archive.VerifyLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;

/// Holds a topic's table against its segments: as far as the table has come, every row of a segment must be in it
/// once and nothing else. A file that both list is the same bytes and is not read; rows that lie in other files
/// here than there (overlapping segments, a compaction by another engine) are compared by offset, and at
/// [VerifyLevel#DEEP] by value.
///
/// Thread-safe.
public final class TableAudit implements TableCheck {
    private static final String TOTAL_DELETES = SnapshotSummary.TOTAL_DELETE_FILES_PROP;

    private final LakeTables tables;
    private final Function<String, ArchivedTopic> archive;

    /// @param archive what the archive holds of a topic, by name
    public TableAudit(LakeTables tables, Function<String, ArchivedTopic> archive) {
        this.tables = tables;
        this.archive = archive;
    }

    @Override
    public Verdict check(String topic, VerifyLevel level) {
        Verdict verdict = once(topic, level);
        // a commit, a compaction or an erase may have come between the two looks: what is wrong is wrong twice
        return verdict.findings().isEmpty() ? verdict : once(topic, level);
    }

    private Verdict once(String topic, VerifyLevel level) {
        UUID id = archive.apply(topic).topicId();
        Table table = tables.find(id).orElse(null);
        if (table == null || table.currentSnapshot() == null) {
            return Verdict.NOTHING;
        }
        Look look = new Look(table, level);
        // after the table, so that what the table has is there
        ArchivedTopic archived = archive.apply(topic);
        if (archived.topicId().equals(id)) {
            look.at(archived);
        }
        return new Verdict(look.rows, look.findings);
    }

    /// One look at one table.
    private final class Look {
        private final Table table;
        private final VerifyLevel level;
        private final OffsetVector vector;
        private final PresentFiles present;
        private final Schema columns;
        private final List<Finding> findings = new ArrayList<>();
        private long rows;

        Look(Table table, VerifyLevel level) {
            this.table = table;
            this.level = level;
            this.vector = OffsetVector.parse(table.properties().getOrDefault(LakeProperties.OFFSETS, ""));
            this.present = PresentFiles.of(table);
            this.columns =
                    level == VerifyLevel.DEEP ? table.schema() : table.schema().select("_offset");
        }

        void at(ArchivedTopic topic) {
            String deletes = table.currentSnapshot().summary().getOrDefault(TOTAL_DELETES, "0");
            if (!deletes.equals("0")) {
                find(
                        topic,
                        0,
                        0,
                        Long.MAX_VALUE,
                        "has " + deletes + " delete files of another engine, which hide rows.");
            }
            for (ArchivedTopic.Partition partition : topic.partitions().values()) {
                long reached = vector.of(partition.partition()).orElse(0);
                for (DataFile file : present.of(partition.partition())) {
                    rows += file.recordCount();
                    exists(topic, partition.partition(), file);
                }
                for (ArchivedTopic.Segment segment : partition.segments()) {
                    if (segment.endOffset() < reached) {
                        segment(topic, partition.partition(), segment);
                    }
                }
                nothingBeyond(topic, partition.partition(), reached);
            }
        }

        private void exists(ArchivedTopic topic, int partition, DataFile file) {
            long stored;
            try {
                stored = tables.files().newInputFile(file.location()).getLength();
            } catch (NotFoundException e) {
                find(
                        topic,
                        partition,
                        PresentFiles.first(file),
                        PresentFiles.last(file),
                        "lists '" + file.location() + "', which is not there.");
                return;
            }
            if (stored != file.fileSizeInBytes()) {
                find(
                        topic,
                        partition,
                        PresentFiles.first(file),
                        PresentFiles.last(file),
                        "lists '" + file.location() + "' with " + file.fileSizeInBytes() + " bytes, it has " + stored
                                + ".");
            }
        }

        private void segment(ArchivedTopic topic, int partition, ArchivedTopic.Segment segment) {
            long from = segment.firstOffset();
            long to = segment.endOffset();
            TreeMap<String, Long> ours = new TreeMap<>();
            for (io.weir.tiered.segment.DataFile file : segment.files()) {
                if (file.lastOffset() >= from && file.firstOffset() <= to) {
                    ours.put(file.path(), file.lengthBytes());
                }
            }
            List<DataFile> theirs = present.of(partition).stream()
                    .filter(file -> PresentFiles.last(file) >= from && PresentFiles.first(file) <= to)
                    .toList();
            List<String> listed = theirs.stream()
                    .map(file -> tables.inCluster(file.location()))
                    .sorted()
                    .toList();
            if (!listed.equals(List.copyOf(ours.keySet())) && level != VerifyLevel.META) {
                compare(topic, partition, from, to, ours(ours), theirs(theirs));
            }
        }

        private void compare(
                ArchivedTopic topic,
                int partition,
                long from,
                long to,
                List<RowSums.Source> ours,
                List<RowSums.Source> theirs) {
            RowSums expected = RowSums.of(tables.files(), ours, columns, from, to);
            RowSums found = RowSums.of(tables.files(), theirs, columns, from, to);
            if (found.equals(expected)) {
                return;
            }
            Schema offset = table.schema().select("_offset");
            long[] wanted = RowSums.offsets(tables.files(), ours, offset, from, to);
            long[] there = RowSums.offsets(tables.files(), theirs, offset, from, to);
            int at = Arrays.mismatch(wanted, there);
            if (at < 0) {
                find(topic, partition, from, to, "has other values in these rows than the segment's files.");
            } else {
                find(topic, partition, from, to, difference(wanted, there, at));
            }
        }

        private static String difference(long[] wanted, long[] there, int at) {
            if (at < there.length && at > 0 && there[at] == there[at - 1]) {
                return "has the row of offset " + there[at] + " more than once.";
            }
            if (at < there.length && (at == wanted.length || there[at] < wanted[at])) {
                return "has a row of offset " + there[at] + ", which no segment has.";
            }
            return "lacks the row of offset " + wanted[at] + "; it has " + there.length + " rows of " + wanted.length
                    + ".";
        }

        /// What lies there would come a second time with the next commit.
        private void nothingBeyond(ArchivedTopic topic, int partition, long reached) {
            List<DataFile> beyond = present.of(partition).stream()
                    .filter(file -> PresentFiles.last(file) >= reached)
                    .toList();
            if (beyond.isEmpty() || level == VerifyLevel.META) {
                return;
            }
            long[] there = RowSums.offsets(
                    tables.files(), theirs(beyond), table.schema().select("_offset"), reached, Long.MAX_VALUE);
            if (there.length > 0) {
                find(
                        topic,
                        partition,
                        there[0],
                        there[there.length - 1],
                        "has " + there.length + " rows at and behind offset " + reached + ", where its property '"
                                + LakeProperties.OFFSETS + "' says it ends.");
            }
        }

        private List<RowSums.Source> ours(Map<String, Long> files) {
            return files.entrySet().stream()
                    .map(file -> new RowSums.Source(
                            tables.files().location(tables.layout().listed(file.getKey())), file.getValue()))
                    .toList();
        }

        private static List<RowSums.Source> theirs(List<DataFile> files) {
            return files.stream()
                    .map(file -> new RowSums.Source(file.location(), file.fileSizeInBytes()))
                    .toList();
        }

        private void find(ArchivedTopic topic, int partition, long first, long last, String problem) {
            findings.add(new Finding(table.location(), topic.topic(), partition, first, last, "the table " + problem));
        }
    }
}
