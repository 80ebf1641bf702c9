package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Expr;
import io.weir.streams.dsl.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Folds rows into the components of a record. The state of one key and window is a JSON array with one
/// element per component, in their order: `[12,-37,[205,12]]`; an average keeps its sum and count.
/// Thread-safe.
final class Fold {
    private final String stage;
    private final FoldCell[] cells;
    private final Class<?>[] components;
    private final Constructor<?> constructor;
    private final ObjectMapper json;

    Fold(Stage.WindowFold fold, ObjectMapper json) {
        this.stage = fold.name();
        this.json = json;
        Class<?> type = fold.type().javaClass();
        this.components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        this.cells = new FoldCell[components.length];
        for (int i = 0; i < components.length; i++) {
            cells[i] = cell(
                    fold.fold().get(i),
                    MethodType.methodType(components[i]).wrap().returnType());
        }
        try {
            constructor = type.getDeclaredConstructor(components);
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("Every record has a canonical constructor: " + type, e);
        }
    }

    private FoldCell cell(Stage.FoldColumn column, Class<?> component) {
        Expr expr = column.of();
        if (expr == null) {
            return new FoldCells.Count();
        }
        Column<Object, @Nullable Object> of = RowSteps.code(expr);
        return switch (column.kind()) {
            case COUNT -> new FoldCells.Count();
            case SUM -> component == Long.class ? new FoldCells.LongSum(of) : new FoldCells.DecimalSum(of);
            case APPROXIMATE_SUM -> new FoldCells.DoubleSum(of);
            case MIN -> new FoldCells.Extreme(of, -1, component, json);
            case MAX -> new FoldCells.Extreme(of, 1, component, json);
            case AVG -> new FoldCells.Average(of, component == BigDecimal.class);
        };
    }

    /// The state after one more row.
    ///
    /// @param state the state before, null for the first row; not changed
    byte[] add(byte @Nullable [] state, Object row) {
        @Nullable Object[] values = read(state);
        for (int i = 0; i < cells.length; i++) {
            try {
                values[i] = cells[i].add(values[i], row);
            } catch (ArithmeticException e) {
                throw new StageFailure(stage, "a sum is greater than a long can hold. Sum decimals instead.", e);
            } catch (RuntimeException e) {
                throw StageFailure.of(stage, e);
            }
        }
        return write(values);
    }

    /// The folded row.
    Object result(byte[] state) {
        @Nullable Object[] values = read(state);
        for (int i = 0; i < cells.length; i++) {
            Object result = cells[i].result(values[i]);
            values[i] = result == null && components[i] == long.class ? (Object) 0L : result;
            if (values[i] == null && components[i] == double.class) {
                values[i] = 0.0;
            }
        }
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new StageFailure(stage, "the record refuses its components: " + e.getCause(), e.getCause());
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(constructor.toString(), e);
        }
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

    private byte[] write(@Nullable Object[] values) {
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
