package io.weir.streams.dsl;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The plan for people: one line per stage, opaque code marked with what to use instead.
final class PlanText {
    private PlanText() {}

    static String print(Plan plan) {
        int width = plan.stages().stream()
                .mapToInt(stage -> stage.name().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder("job ").append(plan.job()).append('\n');
        for (Stage stage : plan.stages()) {
            String explanation = plan.explanation(stage.name());
            text.append(String.format(
                    Locale.ROOT,
                    "  %-" + width + "s  %s%s%n",
                    stage.name(),
                    line(stage),
                    explanation == null ? "" : " -- " + explanation));
        }
        return text.toString().replace("\r\n", "\n");
    }

    static String line(Stage stage) {
        return switch (stage) {
            case Stage.Source source ->
                source.kind().name().toLowerCase(Locale.ROOT) + " of topic '" + source.topic() + "': " + source.type()
                        + " by " + source.key() + time(source.eventTime())
                        + (source.format() == Format.JSON ? "" : ", in " + source.format())
                        + (source.historyMillis() > 0 ? ", history " + length(source.historyMillis()) : "");
            case Stage.Filter filter -> "where " + described(filter.expr());
            case Stage.MapStage map -> "map to " + map.type() + " by " + described(map.function());
            case Stage.FlatMap flatMap -> "flat map to " + flatMap.type() + " by " + flatMap.function();
            case Stage.Select select -> select(select);
            case Stage.KeyBy keyBy ->
                "key " + (keyBy.declared() ? "is " : "by ") + described(keyBy.key())
                        + (keyBy.declared() ? ", checked" : "") + (keyBy.repartition() ? ", repartitioned" : "");
            case Stage.Merge merge -> "merge " + String.join(", ", merge.inputs());
            case Stage.Branch branch ->
                "branch "
                        + branch.arms().stream()
                                .map(arm -> "'" + arm.name() + "' "
                                        + (arm.condition() == null ? "otherwise" : described(arm.condition())))
                                .collect(Collectors.joining(", "));
            case Stage.BranchArm arm -> "rows of arm '" + arm.arm() + "'";
            case Stage.WindowFold fold ->
                window(fold.window()) + ", grace " + length(fold.graceMillis()) + late(fold)
                        + (fold.updates() ? ", every update: " : ": ") + fold(fold.fold());
            case Stage.Fold fold -> "table" + (fold.everyUpdate() ? ", every update: " : ": ") + fold(fold.fold());
            case Stage.Settle settle -> "settle for " + length(settle.quietMillis());
            case Stage.Join join ->
                (join.left() ? "left join with " : "join with ") + join.inputs().getLast() + " to " + join.type()
                        + " by " + join.function();
            case Stage.StreamJoin join ->
                join.kind().json() + " join with " + join.inputs().getLast() + " within " + length(join.withinMillis())
                        + ", grace " + length(join.graceMillis()) + late(join) + ", to " + join.type() + " by "
                        + join.function();
            case Stage.TableJoin join ->
                join.kind().json() + " join with " + join.inputs().getLast() + " to " + join.type() + " by "
                        + join.function();
            case Stage.ForeignKeyJoin join ->
                (join.left() ? "left join with " : "join with ") + join.inputs().getLast() + " by key "
                        + described(join.foreignKey()) + " to " + join.type() + " by " + join.function();
            case Stage.GlobalJoin join ->
                (join.left() ? "left join with global " : "join with global ")
                        + join.inputs().getLast() + " by key " + described(join.key()) + " to " + join.type() + " by "
                        + join.function();
            case Stage.Custom custom ->
                "through " + custom.code() + " to " + custom.type() + " by " + custom.key()
                        + custom.stores().stream()
                                .map(store -> ", store '" + store.name() + "'")
                                .collect(Collectors.joining());
            case Stage.Foreign foreign ->
                "Kafka Streams code " + foreign.code()
                        + (foreign.reads().isEmpty() ? "" : ", reads " + String.join(", ", foreign.reads()))
                        + (foreign.writes().isEmpty() ? "" : ", writes " + String.join(", ", foreign.writes()));
            case Stage.Sink sink ->
                "write to topic '" + sink.topic() + "'" + (sink.upsert() ? ", the latest per key" : "");
        };
    }

    private static String late(Stage stage) {
        return stage.late() == null ? ", late rows counted" : ", late rows to '" + stage.late() + "'";
    }

    private static String select(Stage.Select select) {
        return "select "
                + select.columns().stream()
                        .map(column -> column.name() + " = " + (column.of() == null ? "null" : described(column.of())))
                        .collect(Collectors.joining(", "))
                + " as " + select.type();
    }

    private static String window(WindowShape window) {
        return switch (window) {
            case WindowShape.Tumbling tumbling -> "tumbling " + length(tumbling.sizeMillis());
            case WindowShape.Hopping hopping ->
                "hopping " + length(hopping.sizeMillis()) + " every " + length(hopping.everyMillis());
            case WindowShape.Sliding sliding -> "sliding " + length(sliding.differenceMillis());
            case WindowShape.Session session -> "session gap " + length(session.gapMillis());
        };
    }

    private static String fold(Folding folding) {
        return switch (folding) {
            case Folding.Columns columns ->
                columns.columns().stream().map(PlanText::column).collect(Collectors.joining(", "));
            case Folding.Code code ->
                "from " + code.initial() + " by " + code.fold()
                        + (code.merge() == null ? "" : ", merged by " + code.merge());
            case Folding.Reduce reduce -> "reduce by " + reduce.function();
            case Folding.Latest latest -> "the latest row";
        };
    }

    private static String column(Stage.FoldColumn column) {
        String limit = column.limit() > 0 ? ", at most " + column.limit() : "";
        return column.name() + " = " + column.kind().json()
                + (column.of() == null ? "()" : "(" + described(column.of()) + limit + ")");
    }

    private static String time(@Nullable Expr eventTime) {
        return eventTime == null ? "" : ", event time " + described(eventTime);
    }

    private static String described(@Nullable Expr expr) {
        if (expr == null) {
            return "";
        }
        if (expr.inspectable()) {
            return expr.toString();
        }
        String reference = expr instanceof Opaque opaque ? opaque.reference() : "";
        return expr
                + (reference.isEmpty()
                        ? " (use a method reference to make it visible)"
                        : " (code of " + reference + ")");
    }

    /// `90s`, `1h`, `1d`: the largest unit without a remainder.
    private static String length(long millis) {
        Duration duration = Duration.ofMillis(millis);
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        if (duration.toSeconds() % 60 != 0 || millis == 0) {
            return duration.toSeconds() + "s";
        }
        if (duration.toMinutes() % 60 != 0) {
            return duration.toMinutes() + "m";
        }
        return duration.toHours() % 24 != 0 ? duration.toHours() + "h" : duration.toDays() + "d";
    }
}
