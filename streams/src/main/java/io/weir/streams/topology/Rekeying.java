package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How many partitions an internal topic gets: as many as what its rows will be joined with, if that is
/// fixed by a topic of the user; else as many as the widest source of all that are joined.
final class Rekeying {
    private final Plan plan;
    private final Map<String, Integer> sources;

    /// @param sources partition counts by topic
    Rekeying(Plan plan, Map<String, Integer> sources) {
        this.plan = plan;
        this.sources = sources;
    }

    int partitions(Stage.KeyBy keyBy) {
        int widest = natural(keyBy.name());
        for (String partner : partners(keyBy.name())) {
            String anchor = anchor(partner);
            if (plan.stage(anchor) instanceof Stage.Source source) {
                return Objects.requireNonNull(sources.get(source.topic()), source.topic());
            }
            widest = Math.max(widest, natural(anchor));
        }
        return widest;
    }

    /// Whether an operator below needs all rows of a key in one task.
    static boolean keyMatters(Plan plan, String name) {
        return plan.stages().stream()
                .filter(stage -> stage.inputs().contains(name))
                .anyMatch(stage -> stage instanceof Stage.WindowFold
                        || stage instanceof Stage.Fold
                        || stage instanceof Stage.Custom
                        || joins(stage)
                        || (!(stage instanceof Stage.KeyBy) && keyMatters(plan, stage.name())));
    }

    private static boolean joins(Stage stage) {
        return stage instanceof Stage.Join || stage instanceof Stage.StreamJoin || stage instanceof Stage.TableJoin;
    }

    /// The other sides of all joins below, up to the next re-keying.
    private List<String> partners(String name) {
        List<String> partners = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            if (!stage.inputs().contains(name) || stage instanceof Stage.KeyBy) {
                continue;
            }
            if (joins(stage)) {
                stage.inputs().stream().filter(input -> !input.equals(name)).forEach(partners::add);
            }
            partners.addAll(partners(stage.name()));
        }
        return partners;
    }

    /// What decides where the rows of a stage lie: a source, or an internal topic.
    private String anchor(String name) {
        Stage stage = Objects.requireNonNull(plan.stage(name), name);
        boolean decides = stage.inputs().isEmpty() || (stage instanceof Stage.KeyBy keyBy && keyBy.repartition());
        return decides ? name : anchor(stage.inputs().getFirst());
    }

    /// The partitions of the widest source that a stage comes from.
    private int natural(String name) {
        Stage stage = Objects.requireNonNull(plan.stage(name), name);
        if (stage instanceof Stage.Source source) {
            return Objects.requireNonNull(sources.get(source.topic()), source.topic());
        }
        if (stage instanceof Stage.Merge || stage instanceof Stage.Foreign) {
            return stage.inputs().stream().mapToInt(this::natural).max().orElse(1);
        }
        return natural(stage.inputs().getFirst());
    }
}
