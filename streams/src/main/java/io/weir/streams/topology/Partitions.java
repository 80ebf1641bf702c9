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
                case Stage.Merge merge -> merged(plan, merge, counts);
                case Stage.Filter filter -> input(filter, counts);
                case Stage.MapStage map -> input(map, counts);
                case Stage.FlatMap flatMap -> input(flatMap, counts);
                case Stage.Select select -> input(select, counts);
                case Stage.Branch branch -> input(branch, counts);
                case Stage.BranchArm arm -> input(arm, counts);
                case Stage.WindowFold fold -> input(fold, counts);
                case Stage.Fold fold -> input(fold, counts);
                case Stage.Settle settle -> input(settle, counts);
                case Stage.Sink sink -> input(sink, counts);
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
            if (stage.inputs().isEmpty() || !stage.inputs().getFirst().equals(name)) {
                continue;
            }
            boolean ends = stage instanceof Stage.KeyBy || stage instanceof Stage.Sink;
            int joined = stage instanceof Stage.Join join ? tableOf(plan, join, sources) : 0;
            int found = joined > 0 || ends ? joined : tableBehind(plan, stage.name(), sources);
            if (found > 0) {
                return found;
            }
        }
        return 0;
    }

    /// Streams that are folded or joined behind a merge have to lie alike before it.
    private static int merged(Plan plan, Stage.Merge merge, Map<String, Integer> counts) {
        int most = 0;
        for (String input : merge.inputs()) {
            most = Math.max(most, count(counts, input));
        }
        for (String input : merge.inputs()) {
            if (count(counts, input) != most && keyMatters(plan, merge.name())) {
                throw new PlanRefused(
                        merge.name(),
                        "co-partitioning",
                        "all inputs need the same number of partitions, got " + most + " and " + count(counts, input)
                                + " for '" + input + "'. Put keyBy after the merge.");
            }
        }
        return most;
    }

    private static boolean keyMatters(Plan plan, String name) {
        return plan.stages().stream()
                .filter(stage -> stage.inputs().contains(name))
                .anyMatch(stage -> stage instanceof Stage.WindowFold
                        || stage instanceof Stage.Fold
                        || stage instanceof Stage.Join
                        || (!(stage instanceof Stage.KeyBy) && keyMatters(plan, stage.name())));
    }

    private static int tableOf(Plan plan, Stage.Join join, Map<String, Integer> sources) {
        return plan.stage(join.inputs().getLast()) instanceof Stage.Source table ? count(sources, table.topic()) : 0;
    }

    private static int input(Stage stage, Map<String, Integer> counts) {
        return count(counts, stage.inputs().getFirst());
    }

    private static int count(Map<String, Integer> counts, String name) {
        return Objects.requireNonNull(counts.get(name), name);
    }
}
