package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.compare.Corrections;
import io.weir.streams.job.compare.Difference;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.compare.ResultRow;
import io.weir.streams.job.compare.ResultView;
import io.weir.streams.job.compare.ScopedComparison;
import io.weir.streams.job.compare.WindowScope;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Slice;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.registry.Transitions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Brings the windows of a backfill to where readers look: rows that differ from what stands there, and nulls
/// for keys
/// that are gone, in one transaction. Done again after a crash it finds no difference left.
final class Publishing {
    private final JobCluster cluster;
    private final ResultReader reader;
    private final Corrections.Opener corrections;

    Publishing(NodeParts parts) {
        this.cluster = parts.cluster();
        this.reader = parts.reader();
        this.corrections = parts.corrections();
    }

    /// Outputs of a version whose windows can be published.
    static Set<String> sinks(Job job, JobVersion version) {
        Set<String> sinks = new TreeSet<>(PlanFacts.windowedSinks(version.plan().json()));
        sinks.retainAll(job.liveVersion().plan().sinks());
        return sinks;
    }

    /// The topic that an output's windows are written to.
    static String target(Job job, String sink, boolean ownTopic, int number) {
        return ownTopic
                ? Slice.topicOf(sink, number)
                : job.liveVersion().outputs().topicOf(sink);
    }

    /// @return what was done, by output
    ArrayNode publish(Job job, Snapshot snapshot, Slice slice, String operation) {
        JobVersion version = Transitions.require(job, snapshot.version());
        ArrayNode done = JsonNodeFactory.instance.arrayNode();
        try (Corrections transaction = corrections.open(job.name().value(), operation)) {
            for (String sink : sinks(job, version)) {
                String topic = target(job, sink, slice.ownTopic(), snapshot.number());
                done.add(publish(job, snapshot, slice, operation, sink, topic, transaction));
            }
            transaction.commit();
        }
        return done;
    }

    private ObjectNode publish(
            Job job,
            Snapshot snapshot,
            Slice slice,
            String operation,
            String sink,
            String topic,
            Corrections transaction) {
        String own = snapshot.outputs().getOrDefault(sink, sink);
        if (slice.ownTopic()) {
            cluster.createLike(topic, own);
        }
        Map<Integer, ResultView> wanted = whole(own);
        Map<Integer, ResultView> now =
                slice.ownTopic() ? whole(topic) : new ResultViews(cluster).of(job.liveVersion(), sink);
        refuseOtherPartitions(job, topic, now.size(), own, wanted.size());
        ScopedComparison comparison = new ScopedComparison(
                reader, WindowScope.of(slice.fromMillis(), slice.toMillis(), slice.keys()), operation);
        wanted.forEach((partition, view) -> comparison.compare(
                partition,
                now.getOrDefault(partition, ScopedComparison.nothing()),
                view,
                !slice.ownTopic(),
                difference -> write(transaction, topic, difference)));
        return JsonNodeFactory.instance
                .objectNode()
                .put("output", sink)
                .put("topic", topic)
                .setAll(comparison.json());
    }

    private static void refuseOtherPartitions(Job job, String topic, int now, String own, int wanted) {
        if (wanted == 0 || now != wanted) {
            throw new WeirException(
                    "backfill-refused",
                    Whose.USER,
                    409,
                    "Job '" + job.name() + "': topic '" + topic + "' has " + now + " partitions and the rows of the run"
                            + " stand in " + wanted + " of '" + own + "', so they would not stand where they are looked"
                            + " for. Use publish topic.",
                    null);
        }
    }

    private Map<Integer, ResultView> whole(String topic) {
        Map<Integer, ResultView> views = new TreeMap<>();
        cluster.ends(List.of(topic)).forEach((name, end) -> {
            int partition = Vectors.partition(name).partition();
            views.put(partition, new ResultView(List.of(new ResultView.Range(topic, partition, 0, end))));
        });
        return views;
    }

    private static void write(Corrections transaction, String topic, Difference difference) {
        @Nullable ResultRow row = difference.right();
        ResultRow old = difference.left();
        long millis = row != null ? row.timestampMillis() : old == null ? 0 : old.timestampMillis();
        transaction.write(
                topic, difference.partition(), difference.key().get(), row == null ? null : row.bytes(), millis);
    }

    /// The range as users gave it.
    static ObjectNode range(Slice slice) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("from", Instant.ofEpochMilli(slice.fromMillis()).toString())
                .put("to", Instant.ofEpochMilli(slice.toMillis()).toString());
    }
}
