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
            text.append(String.format(Locale.ROOT, "  %-" + width + "s  %s%n", stage.name(), line(stage)));
        }
        return text.toString().replace("\r\n", "\n");
    }

    private static String line(Stage stage) {
        return switch (stage) {
            case Stage.Source source ->
                (source.table() ? "table of topic '" : "stream of topic '") + source.topic() + "': " + source.type()
                        + " by " + source.key() + time(source.eventTime());
            case Stage.Filter filter -> "where " + described(filter.expr());
            case Stage.MapStage map -> "map to " + map.type() + " by " + described(map.function());
            case Stage.KeyBy keyBy ->
                "key " + (keyBy.declared() ? "is " : "by ") + described(keyBy.key())
                        + (keyBy.declared() ? ", checked" : "") + (keyBy.repartition() ? ", repartitioned" : "");
            case Stage.WindowFold fold -> fold(fold);
            case Stage.Join join ->
                (join.left() ? "left join with " : "join with ") + join.inputs().getLast() + " to " + join.type()
                        + " by " + join.function();
            case Stage.Sink sink ->
                "write to topic '" + sink.topic() + "'" + (sink.upsert() ? ", the latest per key" : "");
        };
    }

    private static String fold(Stage.WindowFold fold) {
        String columns = fold.fold().stream()
                .map(column -> column.name() + " = " + column.kind().json()
                        + (column.of() == null ? "()" : "(" + described(column.of()) + ")"))
                .collect(Collectors.joining(", "));
        return "tumbling " + length(fold.sizeMillis()) + ", grace " + length(fold.graceMillis())
                + (fold.late() == null ? ", late rows counted" : ", late rows to '" + fold.late() + "'") + ": "
                + columns;
    }

    private static String time(@Nullable Expr eventTime) {
        return eventTime == null ? "" : ", event time " + described(eventTime);
    }

    private static String described(@Nullable Expr expr) {
        if (expr == null) {
            return "";
        }
        return expr.inspectable() ? expr.toString() : expr + " (use a method reference to make it visible)";
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
