package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How many partitions the rows of each stage lie in. A join reads the other side's rows in its own task,
/// so both sides must lie alike; Streams cannot see that, so it is checked here.
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
        Rekeying rekeying = new Rekeying(plan, sources);
        Map<String, Integer> counts = new HashMap<>();
        for (Stage stage : plan.stages()) {
            int count = switch (stage) {
                case Stage.Source source -> count(sources, source.topic());
                case Stage.KeyBy keyBy -> keyBy.repartition() ? rekeying.partitions(keyBy) : input(keyBy, counts);
                case Stage.Join join -> alike(join, counts);
                case Stage.StreamJoin join -> alike(join, counts);
                case Stage.TableJoin join -> alike(join, counts);
                case Stage.ForeignKeyJoin join -> input(join, counts);
                case Stage.GlobalJoin join -> input(join, counts);
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
                case Stage.Custom custom -> input(custom, counts);
                case Stage.Foreign foreign -> foreign(foreign, counts, sources);
                case Stage.Sink sink -> input(sink, counts);
            };
            counts.put(stage.name(), count);
        }
        return counts;
    }

    private static int alike(Stage join, Map<String, Integer> counts) {
        List<String> inputs = join.inputs();
        int rows = count(counts, inputs.getFirst());
        int others = count(counts, inputs.getLast());
        if (rows != others) {
            throw new PlanRefused(
                    join.name(),
                    "co-partitioning",
                    "both sides need the same number of partitions, got " + rows + " for '" + inputs.getFirst()
                            + "' and " + others + " for '" + inputs.getLast()
                            + "'. Create one topic with the count of the other, or put keyBy before the join.");
        }
        return rows;
    }

    /// Streams that are folded or joined behind a merge have to lie alike before it.
    private static int merged(Plan plan, Stage.Merge merge, Map<String, Integer> counts) {
        int most = 0;
        for (String input : merge.inputs()) {
            most = Math.max(most, count(counts, input));
        }
        for (String input : merge.inputs()) {
            if (count(counts, input) != most && Rekeying.keyMatters(plan, merge.name())) {
                throw new PlanRefused(
                        merge.name(),
                        "co-partitioning",
                        "all inputs need the same number of partitions, got " + most + " and " + count(counts, input)
                                + " for '" + input + "'. Put keyBy after the merge.");
            }
        }
        return most;
    }

    /// As many as the widest of what it reads.
    private static int foreign(Stage.Foreign foreign, Map<String, Integer> counts, Map<String, Integer> sources) {
        int widest = 1;
        for (String input : foreign.inputs()) {
            widest = Math.max(widest, count(counts, input));
        }
        for (String topic : foreign.reads()) {
            widest = Math.max(widest, sources.getOrDefault(topic, 1));
        }
        return widest;
    }

    private static int input(Stage stage, Map<String, Integer> counts) {
        return count(counts, stage.inputs().getFirst());
    }

    private static int count(Map<String, Integer> counts, String name) {
        return Objects.requireNonNull(counts.get(name), name);
    }
}
