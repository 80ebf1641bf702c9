package io.weir.streams.topology;

import io.weir.streams.dsl.Both;
import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Comparison;
import io.weir.streams.dsl.Constant;
import io.weir.streams.dsl.Expr;
import io.weir.streams.dsl.Field;
import io.weir.streams.dsl.Opaque;
import io.weir.streams.dsl.Pair;
import io.weir.streams.dsl.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// The stateless stages, as steps.
final class RowSteps {
    private RowSteps() {}

    /// Refuses records without a usable event time.
    record CheckedTime(String stage, EventTime time) implements RowStep {
        @Override
        public @Nullable Object apply(@Nullable Object key, Object row, ProcessingContext context) {
            RecordMetadata at = context.recordMetadata().orElse(null);
            String flaw = at == null ? null : time.takeFlaw(at.topic(), at.partition(), at.offset());
            if (flaw != null) {
                throw new StageFailure(stage, flaw, null);
            }
            return row;
        }
    }

    record Where(String stage, Column<Object, @Nullable Object> condition) implements RowStep {
        @Override
        public @Nullable Object apply(@Nullable Object key, Object row, ProcessingContext context) {
            return Boolean.TRUE.equals(condition.of(row)) ? row : null;
        }
    }

    record Mapped(String stage, Column<Object, @Nullable Object> function) implements RowStep {
        @Override
        public Object apply(@Nullable Object key, Object row, ProcessingContext context) {
            return mapped(row);
        }

        Object mapped(Object row) {
            Object mapped = function.of(row);
            if (mapped == null) {
                throw new StageFailure(stage, "map must give a row, got null. Leave rows out with where.", null);
            }
            return mapped;
        }
    }

    /// Makes a record of computed components.
    ///
    /// @param columns null = the component becomes null
    record Selected(String stage, List<@Nullable Column<Object, @Nullable Object>> columns, RecordMaker maker)
            implements RowStep {
        static Selected of(Stage.Select select) {
            List<@Nullable Column<Object, @Nullable Object>> columns = new ArrayList<>();
            for (Stage.Assigned assigned : select.columns()) {
                Expr of = assigned.of();
                columns.add(of == null ? null : code(of));
            }
            return new Selected(
                    select.name(),
                    columns,
                    new RecordMaker(select.name(), select.type().javaClass()));
        }

        @Override
        public Object apply(@Nullable Object key, Object row, ProcessingContext context) {
            @Nullable Object[] components = new @Nullable Object[columns.size()];
            for (int i = 0; i < components.length; i++) {
                Column<Object, @Nullable Object> column = columns.get(i);
                components[i] = column == null ? null : column.of(row);
            }
            return maker.make(components);
        }
    }

    /// Checks that a record is keyed, and placed, as the job says.
    ///
    /// @param partitions of the source, 0 = unknown
    record KeyedAs(String stage, Column<Object, @Nullable Object> key, RowFormat format, int partitions)
            implements RowStep {
        @Override
        public Object apply(@Nullable Object found, Object row, ProcessingContext context) {
            Object claimed = key.of(row);
            if (claimed == null || !same(claimed, found)) {
                throw new StageFailure(
                        stage,
                        "the record key must be '" + claimed + "', got '" + found + "'. Use keyBy to give it that key.",
                        null);
            }
            if (partitions > 0) {
                checkPlace(claimed, context);
            }
            return row;
        }

        private void checkPlace(Object claimed, ProcessingContext context) {
            int partition = context.taskId().partition();
            int own = Partitioning.partition(Objects.requireNonNull(format.write(claimed)), partitions);
            if (partition != own) {
                throw new StageFailure(
                        stage,
                        "key '" + claimed + "' belongs to partition " + own + ", got " + partition
                                + ". Use keyBy for topics with a partitioner of their own.",
                        null);
            }
        }

        private static boolean same(Object claimed, @Nullable Object found) {
            return (claimed instanceof byte[] bytes && found instanceof byte[] other)
                    ? Arrays.equals(bytes, other)
                    : claimed.equals(found);
        }
    }

    /// The code behind an expression, as one column.
    static Column<Object, @Nullable Object> code(Expr expr) {
        return switch (expr) {
            case Field field -> field.code();
            case Opaque opaque -> opaque.column();
            case Constant constant -> {
                Object value = constant.value();
                yield row -> value;
            }
            case Both both -> pair(code(both.first()), code(both.second()));
            case Comparison comparison -> {
                Column<Object, Boolean> condition = comparison.code();
                yield condition::of;
            }
        };
    }

    /// Null where one of the two is.
    private static Column<Object, @Nullable Object> pair(
            Column<Object, @Nullable Object> first, Column<Object, @Nullable Object> second) {
        return row -> {
            Object one = first.of(row);
            Object other = second.of(row);
            return one == null || other == null ? null : new Pair<>(one, other);
        };
    }
}
