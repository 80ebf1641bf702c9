package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Expr;
import io.weir.streams.dsl.Folding;
import io.weir.streams.dsl.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Folds rows into the components of a record. The state is a JSON array with one element per component, in
/// their order: `[12,-37,[205,12]]`; an average keeps its sum and count.
final class ColumnsFold implements Fold {
    private final String stage;
    private final FoldCell[] cells;
    private final Class<?>[] components;
    private final RecordMaker maker;
    private final ObjectMapper json;

    ColumnsFold(String stage, Folding.Columns fold, Class<?> type, ObjectMapper json) {
        this.stage = stage;
        this.json = json;
        this.maker = new RecordMaker(stage, type);
        RecordComponent[] parts = type.getRecordComponents();
        this.components = new Class<?>[parts.length];
        this.cells = new FoldCell[parts.length];
        for (int i = 0; i < parts.length; i++) {
            components[i] = parts[i].getType();
            cells[i] = cell(fold.columns().get(i), parts[i].getGenericType());
        }
    }

    /// The fold of a window.
    ///
    /// @param window by the aggregates of the language
    ColumnsFold(Stage.WindowFold window, ObjectMapper json) {
        this(window.name(), (Folding.Columns) window.fold(), window.type().javaClass(), json);
    }

    private FoldCell cell(Stage.FoldColumn column, Type component) {
        Expr expr = column.of();
        if (expr == null) {
            return new FoldCells.Count();
        }
        Column<Object, @Nullable Object> of = RowSteps.code(expr);
        JavaType type = json.constructType(component);
        Class<?> boxed = MethodType.methodType(type.getRawClass()).wrap().returnType();
        JavaType value = type.isPrimitive() ? json.constructType(boxed) : type;
        return switch (column.kind()) {
            case COUNT -> new FoldCells.Count();
            case COUNT_IF -> new FoldCells.CountIf(of, new FoldCells.Count());
            case SUM -> boxed == Long.class ? new FoldCells.LongSum(of) : new FoldCells.DecimalSum(of);
            case APPROXIMATE_SUM -> new FoldCells.DoubleSum(of);
            case MIN -> new FoldCells.Extreme(of, -1, boxed, json);
            case MAX -> new FoldCells.Extreme(of, 1, boxed, json);
            case AVG -> new FoldCells.Average(of, boxed == BigDecimal.class);
            case APPROXIMATE_AVG -> new FoldCells.ApproximateAverage(of);
            case FIRST -> new TimedCells.Edge(new TimedCells.Values(of, value, json), false);
            case LAST -> new TimedCells.Edge(new TimedCells.Values(of, value, json), true);
            case DISTINCT_APPROX -> new DistinctCell(of, json);
            case COLLECT ->
                new TimedCells.Collected(
                        new TimedCells.Values(of, Objects.requireNonNull(type.getContentType()), json), column.limit());
        };
    }

    @Override
    public byte[] add(byte @Nullable [] state, Object key, Object row, long timeMillis) {
        @Nullable Object[] values = read(state);
        for (int i = 0; i < cells.length; i++) {
            try {
                values[i] = cells[i].add(values[i], row, timeMillis);
            } catch (ArithmeticException e) {
                throw overflow(e);
            } catch (RuntimeException e) {
                throw StageFailure.of(stage, e);
            }
        }
        return state(values);
    }

    @Override
    public byte[] merge(Object key, byte[] earlier, byte[] later) {
        @Nullable Object[] values = read(earlier);
        @Nullable Object[] others = read(later);
        for (int i = 0; i < cells.length; i++) {
            Object value = values[i];
            Object other = others[i];
            try {
                if (value == null || other == null) {
                    values[i] = value == null ? other : value;
                } else {
                    values[i] = cells[i].merge(value, other);
                }
            } catch (ArithmeticException e) {
                throw overflow(e);
            }
        }
        return state(values);
    }

    /// Whether every sum of integers is so small that rows with [FoldSql#SAFE_SUM] at most cannot take it out of the
    /// range of a long, in whatever order they come.
    boolean isFarFromOverflow(byte[] state) {
        @Nullable Object[] values = read(state);
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] instanceof FoldCells.LongSum
                    && values[i] instanceof Long sum
                    && (sum >= FoldSql.SAFE_SUM || sum <= -FoldSql.SAFE_SUM)) {
                return false;
            }
        }
        return true;
    }

    private StageFailure overflow(ArithmeticException e) {
        return new StageFailure(stage, "a sum is greater than a long can hold. Sum decimals instead.", e);
    }

    @Override
    public Object result(byte[] state) {
        @Nullable Object[] values = read(state);
        for (int i = 0; i < cells.length; i++) {
            Object result = cells[i].result(values[i]);
            values[i] = result == null && components[i] == long.class ? (Object) 0L : result;
            if (values[i] == null && components[i] == double.class) {
                values[i] = 0.0;
            }
        }
        return maker.make(values);
    }

    private @Nullable Object[] read(byte @Nullable [] state) {
        @Nullable Object[] values = new @Nullable Object[cells.length];
        if (state == null) {
            return values;
        }
        try (JsonParser parser = json.createParser(state)) {
            parser.nextToken();
            for (int i = 0; i < cells.length; i++) {
                values[i] = parser.nextToken() == JsonToken.VALUE_NULL ? null : cells[i].read(parser);
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException("State of stage '" + stage + "' is damaged.", e);
        }
    }

    /// The state of cells.
    ///
    /// @param values as [FoldCell#write] takes them, null = no value yet
    byte[] state(@Nullable Object[] values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * values.length);
        try (JsonGenerator generator = json.createGenerator(bytes)) {
            generator.writeStartArray();
            for (int i = 0; i < cells.length; i++) {
                Object value = values[i];
                if (value == null) {
                    generator.writeNull();
                } else {
                    cells[i].write(Objects.requireNonNull(value), generator);
                }
            }
            generator.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
