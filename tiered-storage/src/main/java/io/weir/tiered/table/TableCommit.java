package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.LakeRetention;
import io.weir.tiered.segment.DataFile;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.kafka.common.utils.Time;

/// One commit to one table: planned on one state of it, and in only if that is still the present. One thread.
final class TableCommit {
    private final LakeTables tables;
    private final RowRewriter rewriter;
    private final Time time;
    private final CommitHooks hooks;

    TableCommit(LakeTables tables, Supplier<UUID> ids, Time time, CommitHooks hooks) {
        this.time = time;
        this.tables = tables;
        this.rewriter = new RowRewriter(tables.files(), ids);
        this.hooks = hooks;
    }

    /// What came of it.
    ///
    /// @param changed whether there is a new snapshot
    /// @param dropped locations of files that the table has let go of
    record Result(OffsetVector offsets, boolean changed, long gapOffsets, boolean whole, List<String> dropped) {}

    /// Brings the table up to what is archived, or `mostSegments` nearer.
    ///
    /// @param retention of files that have fallen below the log's start
    /// @throws PinnedOperations.LostRaceException another committer was faster; nothing of this is in
    /// @throws org.apache.iceberg.exceptions.CommitStateUnknownException ask the vector the next time
    Result run(ArchivedTopic topic, int mostSegments, LakeRetention retention) {
        PinnedOperations pinned = new PinnedOperations(tables.operations(topic.topicId()));
        Table table = new BaseTable(pinned, topic.topic());
        OffsetVector present = OffsetVector.parse(table.properties().getOrDefault(LakeProperties.OFFSETS, ""));
        CommitPlan plan = CommitPlan.of(topic, present, mostSegments);
        List<org.apache.iceberg.DataFile> dropped = new DroppedRows(time).of(table, topic, retention);
        if (plan.isEmpty() && dropped.isEmpty()) {
            return new Result(present, false, 0, true, List.of());
        }
        FixedColumns.check(topic.topic(), table.schema());
        Transaction transaction = Transactions.newTransaction(topic.topic(), pinned);
        FixedColumns.rename(table.schema(), transaction::updateSchema);
        if (!dropped.isEmpty()) {
            DeleteFiles delete =
                    described(transaction.newDelete(), topic, plan).set(LakeProperties.DROPPED, retention.toString());
            dropped.forEach(delete::deleteFile);
            delete.commit();
        }
        if (!plan.isEmpty()) {
            // without rows too: a vector alone does not tell catalogs of others that the table has moved
            AppendFiles append = described(transaction.newAppend(), topic, plan);
            plan.files().forEach(file -> append.appendFile(dataFile(table, file)));
            append.commit();
        }
        transaction
                .updateProperties()
                .set(LakeProperties.OFFSETS, plan.next().text())
                .commit();
        hooks.beforeCommit(topic.topic());
        transaction.commitTransaction();
        hooks.afterCommit(topic.topic());
        return new Result(
                plan.next(),
                true,
                plan.gapOffsets(),
                plan.whole(),
                dropped.stream().map(org.apache.iceberg.DataFile::location).toList());
    }

    private <U extends SnapshotUpdate<U>> U described(U update, ArchivedTopic topic, CommitPlan plan) {
        return update.set(LakeProperties.OFFSETS, plan.next().text())
                .set(LakeProperties.CLUSTER_ID, tables.layout().clusterId())
                .set(LakeProperties.TOPIC_ID, topic.topicId().toString())
                .set(
                        LakeProperties.SEGMENTS,
                        plan.segments().stream().map(UUID::toString).collect(Collectors.joining(",")));
    }

    private org.apache.iceberg.DataFile dataFile(Table table, CommitPlan.PlannedFile planned) {
        DataFile file = planned.file();
        String location = new ListedFiles(tables).location(file);
        if (!planned.isWhole()) {
            return rewriter.upperRows(table, location, file, planned.partition(), planned.fromOffset());
        }
        return new ListedFiles(tables).of(table, planned.partition(), file);
    }
}
