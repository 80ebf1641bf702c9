package io.weir.tiered.query.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// From sampled values to columns. A member becomes a column when at least 0.1 % of the sampled values have it, of
/// the type that at least 99 % of its occurrences fit, else VARCHAR. Pure; one use.
public final class SchemaInference {
    private static final double LEAST_SHARE = 0.001;
    private static final double FITTING = 0.99;
    private static final int MOST_COLUMNS = 1000;

    /// Members whose path cannot be written stay reachable through `_raw` only.
    private static final Pattern UNREACHABLE = Pattern.compile("|.*[\"*\\\\\\p{Cntrl}].*", Pattern.DOTALL);

    private static final Pattern RESERVED =
            Pattern.compile("_+(partition|offset|timestamp|key|key_raw|headers|tombstone|shape|raw|value)");

    private static final JsonFactory JSON = new JsonFactory();

    private final ValueShape whole = new ValueShape();
    private long seen;
    private long objects;
    private int nextFieldId;
    private int made;

    private SchemaInference(int nextFieldId) {
        this.nextFieldId = nextFieldId;
    }

    /// @param values sampled values without tombstones
    /// @param seenUpTo kept in the schema
    public static TopicSchema infer(String topicId, List<byte[]> values, long seenUpTo) {
        return infer(topicId, values, seenUpTo, TopicSchema.FIRST_FIELD_ID);
    }

    static TopicSchema infer(String topicId, List<byte[]> values, long seenUpTo, int firstFieldId) {
        SchemaInference inference = new SchemaInference(firstFieldId);
        values.forEach(inference::add);
        return inference.schema(topicId, seenUpTo);
    }

    private void add(byte[] value) {
        seen++;
        if (!isObject(value)) {
            return;
        }
        try (JsonParser parser = JSON.createParser(value)) {
            parser.nextToken();
            whole.add(parser, 0);
            objects++;
        } catch (IOException e) {
            // Cannot happen: isObject has read the value to its end.
            throw new IllegalStateException("A value changed while it was read.", e);
        }
    }

    /// One whole JSON object and nothing else; looked at first, so that half a value leaves no trace.
    private static boolean isObject(byte[] value) {
        try (JsonParser parser = JSON.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            parser.skipChildren();
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private TopicSchema schema(String topicId, long seenUpTo) {
        if (seen == 0) {
            return TopicSchema.unknown(topicId).seenUpTo(seenUpTo);
        }
        if (objects * 2 < seen) {
            return new TopicSchema(topicId, TopicSchema.Values.TEXT, List.of(), nextFieldId, seenUpTo);
        }
        List<Column> columns = columns(whole, true);
        return new TopicSchema(topicId, TopicSchema.Values.OBJECTS, columns, nextFieldId, seenUpTo);
    }

    private List<Column> columns(ValueShape shape, boolean topLevel) {
        List<Column> columns = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Map.Entry<String, ValueShape> member : shape.members.entrySet()) {
            ValueShape values = member.getValue();
            double share = (double) values.values / seen;
            String key = member.getKey();
            if (share < LEAST_SHARE || UNREACHABLE.matcher(key).matches() || made >= MOST_COLUMNS) {
                continue;
            }
            made++;
            int fieldId = nextFieldId++;
            String name = unique(topLevel && RESERVED.matcher(key).matches() ? "_" + key : key, taken);
            columns.add(new Column(name, key, type(values), fieldId, share));
        }
        return columns;
    }

    static boolean isReachable(String key) {
        return !UNREACHABLE.matcher(key).matches();
    }

    /// SQL folds case: names that differ in case only get `__2`, `__3`.
    static String unique(String name, Set<String> taken) {
        String candidate = name;
        for (int number = 2; !taken.add(candidate.toLowerCase(Locale.ROOT)); number++) {
            candidate = name + "__" + number;
        }
        return candidate;
    }

    private ColumnType type(ValueShape shape) {
        double fitting = shape.values * FITTING;
        if (shape.objects >= fitting) {
            List<Column> fields = shape.overflowing ? List.of() : columns(shape, false);
            return fields.isEmpty() ? ColumnType.Scalar.JSON : new ColumnType.Struct(fields);
        }
        if (shape.arrays >= fitting) {
            ColumnType element = elementType(shape.elements());
            return element == null ? ColumnType.Scalar.JSON : new ColumnType.Listing(element);
        }
        if (shape.objects + shape.arrays > 0 && shape.objects + shape.arrays >= shape.values * (1 - FITTING)) {
            return ColumnType.Scalar.JSON;
        }
        return scalarType(shape, fitting);
    }

    private static ColumnType scalarType(ValueShape shape, double fitting) {
        if (shape.integers >= fitting) {
            return ColumnType.Scalar.BIGINT;
        }
        if (shape.numbers >= fitting) {
            return numberType(shape);
        }
        if (shape.booleans >= fitting) {
            return ColumnType.Scalar.BOOLEAN;
        }
        if (shape.uuids >= fitting) {
            return ColumnType.Scalar.UUID;
        }
        return shape.instants >= fitting ? ColumnType.Scalar.TIMESTAMPTZ : ColumnType.Scalar.VARCHAR;
    }

    /// One scale on the path makes a decimal, anything freer a double.
    private static ColumnType numberType(ValueShape shape) {
        if (shape.scales.size() == 1 && shape.exponents == 0 && shape.integers == 0) {
            int scale = shape.scales.keySet().iterator().next();
            if (scale <= 9 && shape.mostDigits <= ColumnType.Decimal.MOST_DIGITS) {
                return new ColumnType.Decimal(scale);
            }
        }
        return ColumnType.Scalar.DOUBLE;
    }

    /// Elements of one scalar type; null for objects, arrays, mixtures and arrays that were all empty.
    private static @Nullable ColumnType elementType(@Nullable ValueShape elements) {
        if (elements == null || elements.values == 0 || elements.objects + elements.arrays > 0) {
            return null;
        }
        ColumnType type = scalarType(elements, elements.values * FITTING);
        boolean mixture = type == ColumnType.Scalar.VARCHAR && elements.strings < elements.values * FITTING;
        return mixture ? null : type;
    }
}
