package io.weir.streams.topology;

import io.weir.streams.dsl.Expr;
import io.weir.streams.dsl.Field;
import io.weir.streams.dsl.Folding;
import io.weir.streams.dsl.Format;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.RowType;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.WindowShape;
import io.weir.streams.replay.FoldQuery;
import io.weir.streams.topology.FoldPlan.Cell;
import io.weir.streams.topology.FoldPlan.KeyText;
import io.weir.streams.topology.FoldPlan.Step;
import io.weir.streams.topology.FoldPlan.Value;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Decides whether the history of a plan can be folded from columns (tier T3): only what is provably equal to what the
/// topology does, row for row. The first rule that does not hold is the answer.
final class FoldRules {
    private final Plan plan;

    private FoldRules(Plan plan) {
        this.plan = plan;
    }

    /// @throws FoldRefused naming the stage and the rule
    static FoldPlan of(Plan plan) {
        return new FoldRules(plan).fold();
    }

    private FoldPlan fold() {
        Stage.Source source = source();
        FoldColumns columns = new FoldColumns(source);
        List<Step> steps = new ArrayList<>();
        Stage stage = next(source);
        while (!(stage instanceof Stage.WindowFold)) {
            steps.add(step(stage, columns));
            stage = next(stage);
        }
        Stage.WindowFold window = (Stage.WindowFold) stage;
        for (int i = 0; i < steps.size() - 1; i++) {
            if (steps.get(i) instanceof Step.Claim claim) {
                throw new FoldRefused(claim.stage(), "conditions must stand before the key");
            }
        }
        AlignedWindows windows = windows(window);
        List<Cell> cells = cells(window, columns);
        sinks(window);
        String time = eventTime(source, columns);
        return new FoldPlan(source, window, windows, key(source), columns.members(), time, steps, cells);
    }

    private Stage.Source source() {
        List<Stage.Source> sources = plan.stages().stream()
                .filter(Stage.Source.class::isInstance)
                .map(Stage.Source.class::cast)
                .toList();
        for (Stage.Source source : sources) {
            if (source.table()) {
                throw new FoldRefused(source.name(), "the only source must be a stream, this is a table");
            }
        }
        if (sources.size() != 1) {
            String name = sources.isEmpty()
                    ? plan.stages().getFirst().name()
                    : sources.get(1).name();
            throw new FoldRefused(name, "there must be one source, got " + sources.size());
        }
        Stage.Source source = sources.getFirst();
        if (source.format() != Format.JSON) {
            throw new FoldRefused(source.name(), "values must be JSON, got " + source.format());
        }
        return source;
    }

    /// The only stage that reads this one.
    private Stage next(Stage stage) {
        List<Stage> readers = readers(stage);
        if (readers.size() != 1) {
            throw new FoldRefused(
                    stage.name(), "one stage must read it up to the window, got " + readers.size() + " that do");
        }
        return readers.getFirst();
    }

    private List<Stage> readers(Stage stage) {
        return plan.stages().stream()
                .filter(other -> other.inputs().contains(stage.name()))
                .toList();
    }

    private static Step step(Stage stage, FoldColumns columns) {
        return switch (stage) {
            case Stage.Filter filter ->
                new Step.Where(filter.name(), FoldConditions.sql(filter.name(), filter.expr(), columns));
            case Stage.KeyBy keyBy -> claim(keyBy, columns);
            default ->
                throw new FoldRefused(
                        stage.name(),
                        "only conditions and keys may stand before one window, this is a "
                                + stage.getClass().getSimpleName());
        };
    }

    private static Step claim(Stage.KeyBy keyBy, FoldColumns columns) {
        if (keyBy.repartition()) {
            throw new FoldRefused(keyBy.name(), "rows must not travel to another partition; use keyedBy");
        }
        if (!(keyBy.key() instanceof Field field)) {
            throw new FoldRefused(keyBy.name(), "the key must be a column, got " + keyBy.key());
        }
        FoldQuery.Member member = columns.of(keyBy.name(), field);
        if (member.type() != FoldQuery.Type.TEXT) {
            throw new FoldRefused(keyBy.name(), "a key that is checked must be text, got " + member.type());
        }
        return new Step.Claim(keyBy.name(), member.column(), keyBy.declared());
    }

    private static AlignedWindows windows(Stage.WindowFold fold) {
        if (fold.updates()) {
            throw new FoldRefused(fold.name(), "a window must give finals, this one gives updates");
        }
        if (fold.late() != null) {
            throw new FoldRefused(
                    fold.name(), "late rows must be counted only, this window sends them to '" + fold.late() + "'");
        }
        return switch (fold.window()) {
            case WindowShape.Tumbling tumbling -> AlignedWindows.of(tumbling, fold.graceMillis());
            case WindowShape.Hopping hopping -> throw shape(fold);
            case WindowShape.Sliding sliding -> throw shape(fold);
            case WindowShape.Session session -> throw shape(fold);
        };
    }

    private static FoldRefused shape(Stage.WindowFold fold) {
        return new FoldRefused(
                fold.name(),
                "windows must be tumbling, got " + fold.window().getClass().getSimpleName());
    }

    private void sinks(Stage.WindowFold fold) {
        for (Stage reader : readers(fold)) {
            if (!(reader instanceof Stage.Sink)) {
                throw new FoldRefused(
                        reader.name(),
                        "finals must go straight to topics, this is a "
                                + reader.getClass().getSimpleName());
            }
        }
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.WindowFold && !stage.equals(fold)) {
                throw new FoldRefused(stage.name(), "there must be one window");
            }
        }
    }

    private static String eventTime(Stage.Source source, FoldColumns columns) {
        Expr time = source.eventTime();
        if (time == null) {
            return "_timestamp_us";
        }
        if (!(time instanceof Field field)) {
            throw new FoldRefused(source.name(), "the event time must be a column, got " + time);
        }
        FoldQuery.Member member = columns.of(source.name(), field);
        if (member.type() != FoldQuery.Type.INSTANT) {
            throw new FoldRefused(source.name(), "the event time must be an instant, got " + member.type());
        }
        return member.column();
    }

    private static KeyText key(Stage.Source source) {
        Class<?> type = source.key().javaClass();
        if (type == String.class) {
            return KeyText.ANY;
        }
        if (type == Long.class) {
            return KeyText.LONG;
        }
        if (type == Integer.class) {
            return KeyText.INT;
        }
        if (type == UUID.class) {
            return KeyText.UUID;
        }
        throw new FoldRefused(source.name(), "keys must be strings, integers or UUIDs, got " + source.key());
    }

    private static List<Cell> cells(Stage.WindowFold fold, FoldColumns columns) {
        if (!(fold.fold() instanceof Folding.Columns folding)) {
            throw new FoldRefused(fold.name(), "aggregates must be those of the language, got code");
        }
        plain(fold.name(), fold.type());
        RecordComponent[] components = fold.type().javaClass().getRecordComponents();
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            Class<?> component = java.lang.invoke.MethodType.methodType(components[i].getType())
                    .wrap()
                    .returnType();
            cells.add(cell(fold.name(), folding.columns().get(i), component, columns));
        }
        return cells;
    }

    private static Cell cell(String stage, Stage.FoldColumn column, Class<?> component, FoldColumns columns) {
        Expr of = column.of();
        if (of == null) {
            return new Cell(Stage.FoldKind.COUNT, null, Value.LONG);
        }
        String path = stage + ", " + column.name();
        if (column.kind() == Stage.FoldKind.COUNT_IF) {
            return new Cell(column.kind(), FoldConditions.sql(path, of, columns), Value.LONG);
        }
        if (!(of instanceof Field field)) {
            throw new FoldRefused(path, "must be computed from a column, got " + of + ". Use a method reference");
        }
        FoldQuery.Member member = columns.of(path, field);
        return switch (column.kind()) {
            case COUNT, COUNT_IF -> new Cell(Stage.FoldKind.COUNT, null, Value.LONG);
            case SUM, AVG -> new Cell(column.kind(), member.column(), summed(path, column, component, member));
            case MIN, MAX -> new Cell(column.kind(), member.column(), ordered(path, component, member));
            case FIRST, LAST -> new Cell(column.kind(), member.column(), value(path, component, member));
            case APPROXIMATE_SUM, APPROXIMATE_AVG, DISTINCT_APPROX, COLLECT ->
                throw new FoldRefused(path, column.kind() + " depends on the order of rows or on their hashes");
        };
    }

    private static Value summed(String path, Stage.FoldColumn column, Class<?> component, FoldQuery.Member member) {
        boolean number = switch (member.type()) {
            case INT, LONG, DECIMAL -> true;
            case BOOLEAN, DOUBLE, TEXT, INSTANT, UUID -> false;
        };
        if (!number) {
            throw new FoldRefused(path, "sums are of integers and decimals, got " + member.type());
        }
        return column.kind() == Stage.FoldKind.SUM && component == Long.class ? Value.LONG : Value.DECIMAL;
    }

    private static Value ordered(String path, Class<?> component, FoldQuery.Member member) {
        Value value = value(path, component, member);
        if (value == Value.TEXT || value == Value.BOOLEAN) {
            throw new FoldRefused(path, "least and greatest are of numbers and instants, got " + member.type());
        }
        return value;
    }

    /// Decimals may not change their scale on the way, so integers stay what they are.
    private static Value value(String path, Class<?> component, FoldQuery.Member member) {
        Value value = switch (member.type()) {
            case BOOLEAN -> Value.BOOLEAN;
            case INT -> component == Long.class ? Value.LONG : Value.INT;
            case LONG -> Value.LONG;
            case DECIMAL -> Value.DECIMAL;
            case TEXT -> Value.TEXT;
            case INSTANT -> Value.INSTANT;
            case DOUBLE, UUID -> throw new FoldRefused(path, "a column of type " + member.type() + " is not folded");
        };
        if (component != type(value)) {
            throw new FoldRefused(
                    path,
                    "the component must be a " + type(value).getSimpleName() + ", got " + component.getSimpleName());
        }
        return value;
    }

    private static Class<?> type(Value value) {
        return switch (value) {
            case BOOLEAN -> Boolean.class;
            case INT -> Integer.class;
            case LONG -> Long.class;
            case DECIMAL -> BigDecimal.class;
            case TEXT -> String.class;
            case INSTANT -> Instant.class;
        };
    }

    static void plain(String stage, RowType type) {
        if (!type.isPlainRecord()) {
            throw new FoldRefused(
                    stage, "'" + type.name() + "' must be a record without constructor or accessors of its own");
        }
        for (java.lang.annotation.Annotation annotation : annotations(type.javaClass())) {
            if (annotation.annotationType().getName().startsWith("com.fasterxml.jackson")) {
                throw new FoldRefused(
                        stage,
                        "'" + type.name() + "' must be bound by its components alone, it has "
                                + annotation.annotationType().getSimpleName());
            }
        }
    }

    private static List<java.lang.annotation.Annotation> annotations(Class<?> type) {
        List<java.lang.annotation.Annotation> all = new ArrayList<>(List.of(type.getAnnotations()));
        for (java.lang.reflect.Constructor<?> made : type.getDeclaredConstructors()) {
            all.addAll(List.of(made.getAnnotations()));
            for (java.lang.annotation.Annotation[] parameter : made.getParameterAnnotations()) {
                all.addAll(List.of(parameter));
            }
        }
        for (java.lang.reflect.Method method : type.getDeclaredMethods()) {
            all.addAll(List.of(method.getAnnotations()));
        }
        for (java.lang.reflect.Field field : type.getDeclaredFields()) {
            all.addAll(List.of(field.getAnnotations()));
        }
        return all;
    }
}
