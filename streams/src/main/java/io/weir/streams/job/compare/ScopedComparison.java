package io.weir.streams.job.compare;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.replay.RecordTime;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;

/// Compares windows of a range: what stands in a topic that somebody else writes too, and what should stand
/// there.
/// A window that the topic's writer has not closed is left alone: its own row is still to come. Used by one
/// thread.
public final class ScopedComparison {
    private final ResultReader reader;
    private final WindowScope scope;
    private final String operation;
    private final Comparison.Tally tally = new Comparison.Tally();
    private long open;
    private long written;

    /// @param operation whose rows are counted when they stand in the topic already
    public ScopedComparison(ResultReader reader, WindowScope scope, String operation) {
        this.reader = reader;
        this.scope = scope;
        this.operation = operation;
    }

    /// @param now what stands there
    /// @param wanted what should
    /// @param leaveOpen whether windows behind the newest one that stands there are left alone
    /// @param differences told of every difference
    public void compare(
            int partition, ResultView now, ResultView wanted, boolean leaveOpen, Consumer<Difference> differences) {
        long closed = leaveOpen ? newestEnd(now) : Long.MAX_VALUE;
        open += leaveOpen ? count(wanted, key -> scope.holds(key) && WindowScope.endMillis(key) > closed) : 0;
        Predicate<Bytes> shown = key -> scope.holds(key) && WindowScope.endMillis(key) <= closed;
        new Comparison(new Only(reader, shown), CompareRules.EXACT, false, tally, differences)
                .compare(partition, now, wanted);
    }

    /// Also counts what the operation has written before a crash.
    private long newestEnd(ResultView view) {
        long[] newest = {Long.MIN_VALUE};
        for (ResultView.Range range : view.ranges()) {
            reader.read(range.topic(), range.partition(), range.from(), range.to(), row -> {
                RowColumns.windowEndMillis(row.key().get()).ifPresent(end -> newest[0] = Math.max(newest[0], end));
                written += operation.equals(row.headers().get(TopicCorrections.HEADER)) ? 1 : 0;
            });
        }
        return newest[0];
    }

    private long count(ResultView view, Predicate<Bytes> which) {
        long[] count = new long[1];
        for (ResultView.Range range : view.ranges()) {
            reader.read(
                    range.topic(),
                    range.partition(),
                    range.from(),
                    range.to(),
                    row -> count[0] += which.test(row.key()) ? 1 : 0);
        }
        return count[0];
    }

    /// What was found. `corrections` counts what was written before a crash too.
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("rows", tally.right())
                .put("equal", tally.equal())
                .put("changed", tally.changed())
                .put("added", tally.extra())
                .put("removed", tally.missing())
                .put("open", open)
                .put("corrections", tally.different() + written);
    }

    /// A reader that sees some keys only.
    private record Only(ResultReader reader, Predicate<Bytes> which) implements ResultReader {
        @Override
        public void read(String topic, int partition, long from, long to, Consumer<ResultRow> sink) {
            reader.read(topic, partition, from, to, row -> {
                if (which.test(row.key())) {
                    sink.accept(row);
                }
            });
        }

        @Override
        public void records(
                String topic, int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
            reader.records(topic, partition, from, to, sink);
        }

        @Override
        public boolean holdsRecords(String topic, int partition, long from, long to) {
            return reader.holdsRecords(topic, partition, from, to);
        }

        @Override
        public long firstReaching(String topic, int partition, long from, long to, RecordTime time, long millis) {
            return reader.firstReaching(topic, partition, from, to, time, millis);
        }
    }

    /// An empty view, of a partition that is not there.
    public static ResultView nothing() {
        return new ResultView(List.of());
    }
}
