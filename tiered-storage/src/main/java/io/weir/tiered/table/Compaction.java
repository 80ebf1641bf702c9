package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.NoSuchTopicException;
import io.weir.tiered.archive.SegmentRewrites;
import io.weir.tiered.failpoint.Failpoint;
import io.weir.tiered.segment.DataFile;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes few large data files of many small ones, for the table and the log alike: there is still one copy.
///
/// The larger file is put first, then the sidecars list it, then the table does, in one commit. Whoever reads
/// at any
/// moment finds what he was told of: the small files stay until no sidecar and no snapshot lists them. A
/// process that
/// dies on the way leaves a state that reads the same; the next pass goes on from what sidecars and table
/// say. One
/// thread, in one process of the cluster.
public final class Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

    private final LakeTables tables;
    private final ArchivedTopics topics;
    private final SegmentRewrites rewrites;
    private final Supplier<UUID> ids;
    private final LakeMetrics metrics;
    private final Settings settings;

    /// @param targetBytes a file that has three quarters of it is large enough
    /// @param leastFiles fewer are not worth a larger one
    public record Settings(boolean enabled, long targetBytes, int leastFiles) {}

    /// @param ids for names of new files
    public Compaction(
            LakeTables tables,
            ArchivedTopics topics,
            SegmentRewrites rewrites,
            Supplier<UUID> ids,
            LakeMetrics metrics,
            Settings settings) {
        this.metrics = metrics;
        this.tables = tables;
        this.topics = topics;
        this.rewrites = rewrites;
        this.ids = ids;
        this.settings = settings;
    }

    /// One look at every table. What fails for one is told, and does not stop the others.
    ///
    /// @param goOn asked between files
    public void pass(BooleanSupplier goOn) {
        if (!settings.enabled() || !tables.home().isOwn()) {
            // who runs a catalog of his own compacts by himself; the log keeps its files then
            return;
        }
        for (TablePointer pointer : tables.pointers().values()) {
            if (!goOn.getAsBoolean()) {
                return;
            }
            try {
                compact(pointer, goOn);
            } catch (NoSuchTopicException e) {
                LOG.debug("Topic has gone meanwhile topic={}", pointer.topic());
            } catch (IOException | RuntimeException e) {
                LOG.warn("Files could not be compacted topic={} cause={}", pointer.topic(), e.getMessage());
                LOG.debug("Files could not be compacted topic={}", pointer.topic(), e);
            }
        }
    }

    private void compact(TablePointer pointer, BooleanSupplier goOn) throws IOException {
        ArchivedTopic archived = topics.snapshot(pointer.topic());
        Table table = tables.find(pointer.topicId()).orElse(null);
        if (!archived.topicId().equals(pointer.topicId()) || table == null || table.currentSnapshot() == null) {
            return;
        }
        if (settle(table, archived)) {
            // the next pass sees what is there now
            return;
        }
        CompactionPlan plan = CompactionPlan.of(
                new ListedFiles(tables),
                PresentFiles.of(table),
                archived,
                settings.targetBytes(),
                settings.leastFiles());
        for (CompactionPlan.Group group : plan.groups()) {
            List<DataFile> alike = rewrites.alike(group.files());
            if (!goOn.getAsBoolean()) {
                return;
            }
            if (alike.size() >= settings.leastFiles()) {
                join(table, archived, group.partition(), alike);
            }
        }
    }

    private void join(Table table, ArchivedTopic archived, int partition, List<DataFile> files) throws IOException {
        long first = files.getFirst().firstOffset();
        long last = files.getLast().lastOffset();
        String path =
                tables.layout().joinedFile(archived.topic(), archived.topicId(), partition, first, last, ids.get());
        DataFile joined = rewrites.join(files, path);
        Failpoint.AFTER_COMPACTION_UPLOAD.reach();
        relist(archived, files, joined);
        Failpoint.BEFORE_COMPACTION_COMMIT.reach();
        swap(table, partition, locations(files), joined);
        metrics.compactedFiles.add(files.size());
        LOG.info(
                "Files are one table={} partition={} files={} bytes={} firstOffset={} lastOffset={}",
                table.name(),
                partition,
                files.size(),
                joined.lengthBytes(),
                first,
                last);
    }

    private List<String> locations(List<DataFile> files) {
        ListedFiles listed = new ListedFiles(tables);
        return files.stream().map(listed::location).toList();
    }

    private void relist(ArchivedTopic archived, Collection<DataFile> files, DataFile joined) throws IOException {
        Map<String, DataFile> replaced = new HashMap<>();
        files.forEach(file -> replaced.put(file.path(), joined));
        boolean changed = false;
        for (ArchivedTopic.Partition partition : archived.partitions().values()) {
            for (ArchivedTopic.Segment segment : partition.segments()) {
                if (segment.files().stream().anyMatch(file -> replaced.containsKey(file.path()))) {
                    changed |= rewrites.relist(segment.address(), replaced);
                }
            }
        }
        if (changed) {
            rewrites.announce(archived.topicId());
        }
    }

    private void swap(Table table, int partition, Collection<String> former, DataFile joined) {
        table.refresh();
        List<org.apache.iceberg.DataFile> present = PresentFiles.of(table).of(partition).stream()
                .filter(file -> former.contains(file.location()))
                .toList();
        if (present.size() != former.size()) {
            throw new IllegalStateException("Table '" + table.name() + "': has let go of files of partition "
                    + partition + " while they were compacted. They are looked at again.");
        }
        RewriteFiles rewrite = table.newRewrite()
                .validateFromSnapshot(table.currentSnapshot().snapshotId())
                .addFile(new ListedFiles(tables).of(table, partition, joined));
        present.forEach(rewrite::deleteFile);
        rewrite.set(LakeProperties.OFFSETS, table.properties().getOrDefault(LakeProperties.OFFSETS, ""))
                .commit();
        Failpoint.AFTER_COMPACTION_COMMIT.reach();
    }

    /// Goes on where a process that died has left off: a larger file that sidecars list and the table does
    /// not.
    private boolean settle(Table table, ArchivedTopic archived) throws IOException {
        List<CompactionPlan.Unsettled> found =
                CompactionPlan.unsettled(new ListedFiles(tables), PresentFiles.of(table), archived);
        for (CompactionPlan.Unsettled unsettled : found) {
            LOG.info(
                    "Compaction is taken up again table={} file={}",
                    table.name(),
                    unsettled.joined().path());
            relist(archived, unsettled.listed(), unsettled.joined());
            swap(table, unsettled.partition(), unsettled.locations(), unsettled.joined());
        }
        return !found.isEmpty();
    }
}
