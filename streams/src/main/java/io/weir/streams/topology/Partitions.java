package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.Stage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// How many partitions the rows of each stage lie in. A join reads the table's store in its own task, so
/// both sides must lie alike; Streams cannot see that, so it is checked here.
final class Partitions {
    private Partitions() {}

    /// Partition counts by stage name; empty when the counts of the sources are not known.
    ///
    /// @param sources partition counts by topic
    /// @throws PlanRefused when the sides of a join cannot meet
    static Map<String, Integer> of(Plan plan, Map<String, Integer> sources) {
        if (sources.isEmpty()) {
            return Map.of();
        }
        Map<String, Integer> counts = new HashMap<>();
        for (Stage stage : plan.stages()) {
            int count = switch (stage) {
                case Stage.Source source -> count(sources, source.topic());
                case Stage.KeyBy keyBy -> rekeyed(plan, keyBy, counts, sources);
                case Stage.Join join -> joined(join, counts);
                case Stage.Filter filter -> count(counts, filter.inputs().getFirst());
                case Stage.MapStage map -> count(counts, map.inputs().getFirst());
                case Stage.WindowFold fold -> count(counts, fold.inputs().getFirst());
                case Stage.Sink sink -> count(counts, sink.inputs().getFirst());
            };
            counts.put(stage.name(), count);
        }
        return counts;
    }

    private static int joined(Stage.Join join, Map<String, Integer> counts) {
        int rows = count(counts, join.inputs().getFirst());
        int table = count(counts, join.inputs().getLast());
        if (rows != table) {
            throw new PlanRefused(
                    join.name(),
                    "co-partitioning",
                    "both sides need the same number of partitions, got " + rows + " for '"
                            + join.inputs().getFirst() + "' and " + table + " for '"
                            + join.inputs().getLast()
                            + "'. Create one topic with the count of the other, or put keyBy before the join.");
        }
        return rows;
    }

    /// A repartitioned stream takes the count of the table that it will be joined with.
    private static int rekeyed(
            Plan plan, Stage.KeyBy keyBy, Map<String, Integer> counts, Map<String, Integer> sources) {
        int own = count(counts, keyBy.inputs().getFirst());
        int table = keyBy.repartition() ? tableBehind(plan, keyBy.name(), sources) : 0;
        return table > 0 ? table : own;
    }

    private static int tableBehind(Plan plan, String name, Map<String, Integer> sources) {
        for (Stage stage : plan.stages()) {
            boolean reads =
                    !stage.inputs().isEmpty() && stage.inputs().getFirst().equals(name);
            int found = switch (stage) {
                case Stage.Join join when reads -> tableOf(plan, join, sources);
                case Stage.KeyBy keyBy -> 0;
                case Stage.Sink sink -> 0;
                case Stage.Source source -> 0;
                case Stage.Join join -> 0;
                case Stage.Filter filter -> reads ? tableBehind(plan, filter.name(), sources) : 0;
                case Stage.MapStage map -> reads ? tableBehind(plan, map.name(), sources) : 0;
                case Stage.WindowFold fold -> reads ? tableBehind(plan, fold.name(), sources) : 0;
            };
            if (found > 0) {
                return found;
            }
        }
        return 0;
    }

    private static int tableOf(Plan plan, Stage.Join join, Map<String, Integer> sources) {
        return plan.stage(join.inputs().getLast()) instanceof Stage.Source table ? count(sources, table.topic()) : 0;
    }

    private static int count(Map<String, Integer> counts, String name) {
        return Objects.requireNonNull(counts.get(name), name);
    }
}
