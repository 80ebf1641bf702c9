package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.gate.RowBounds;
import io.weir.tiered.query.process.ChildLease;
import io.weir.tiered.query.process.ChildPool;
import io.weir.tiered.query.process.ChildStatement;
import io.weir.tiered.query.process.Deadline;
import io.weir.tiered.query.process.Outcome;
import io.weir.tiered.query.process.RowSink;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Runs statements of the node itself over files of the archive, in the same children as those of users and with the
/// same trust in files. Without a gate: what they say is Weir's own. Thread-safe; `run` blocks.
public final class ArchiveStatements {
    /// Whom the children serve meanwhile.
    private static final String PRINCIPAL = "weir";

    private final ChildPool children;
    private final FileCache cache;
    private final FileGuard guard;
    private final Clock clock;

    ArchiveStatements(ChildPool children, FileCache cache, FileGuard guard, Clock clock) {
        this.children = children;
        this.cache = cache;
        this.guard = guard;
        this.clock = clock;
    }

    /// Statements with a cache of their own, which lives as long as the process.
    ///
    /// @param store of files that are not read where they lie
    public static ArchiveStatements open(
            ChildPool children, FileCache.Settings cache, Supplier<ObjectStore> store, Clock clock) throws IOException {
        return new ArchiveStatements(children, new FileCache(cache, store), new FileGuard(), clock);
    }

    /// Gives the rows to the sink.
    ///
    /// @return whether the answer was cut off
    /// @throws WeirException what can go wrong with children and files
    /// @throws IOException the sink's own
    public boolean run(ArchiveStatement statement, RowSink sink, Duration limit) throws IOException {
        Deadline deadline = Deadline.after(clock, limit);
        try (ChildLease child = children.lease(PRINCIPAL, deadline);
                FileCache.Lease ignored = cache.acquire(statement.files(), deadline)) {
            guard.check(statement.files());
            Outcome outcome = child.execute(planned(statement), sink, deadline);
            guard.checkUnchanged(statement.files());
            return switch (outcome) {
                case Outcome.Done done -> done.truncated();
                case Outcome.Failed failed -> throw ChildProblems.failed(failed);
                case Outcome.Cancelled cancelled -> throw ChildProblems.cancelled();
                case Outcome.TimedOut timedOut ->
                    throw new WeirException(
                            "query-timeout",
                            Whose.INTERNAL,
                            "SQL: a statement of the node did not end within " + limit.toMillis() + " ms.");
            };
        }
    }

    private static ChildStatement planned(ArchiveStatement statement) {
        List<ChildStatement.Column> columns = new ArrayList<>();
        List<ChildStatement.FileColumn> inFiles = new ArrayList<>();
        for (ArchiveStatement.Column column : statement.columns()) {
            columns.add(new ChildStatement.Column(column.name(), column.expression()));
            column.inFile()
                    .ifPresent(file ->
                            inFiles.add(new ChildStatement.FileColumn(file.fieldId(), file.name(), file.type())));
        }
        ChildStatement.Relation relation = new ChildStatement.Relation(
                ArchiveStatement.RELATION, columns, inFiles, StatementPlan.parts(cut(statement), Half.COLD, List.of()));
        return new ChildStatement(
                statement.sql(),
                List.of(relation),
                false,
                ChildStatement.Format.JSON,
                statement.maxRows(),
                Long.MAX_VALUE);
    }

    /// Each row once, as for every other statement.
    private static CutPlan cut(ArchiveStatement statement) {
        int partition = statement.partition();
        ColdSnapshot snapshot =
                new ColdSnapshot(Map.of(partition, new ColdPartition(partition, statement.to(), statement.files())));
        TopicCut cut = TopicCut.of(
                Map.of(partition, new TopicCut.PartitionCut(statement.from(), statement.to(), statement.to())));
        return new CutPlan(
                TopicName.of(ArchiveStatement.RELATION),
                cut,
                Map.of(partition, statement.to()),
                snapshot,
                RowBounds.NONE);
    }
}
