package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnTree.Node;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Makes the shape of an Avro value by walking its bytes along its schema. The five bytes before the value, branch
/// numbers of unions and the like are literal; a map is a list of keys and values, so that their order is kept. Only
/// the encoding that most writers use has a shape (arrays and maps in one block); the proof finds the others. One
/// thread.
final class AvroDeriver {
    static final String KEY = "key";
    static final String VALUE = "value";

    private static final int NONE = -1;

    private final ColumnTree tree;
    private final int depth;
    private final AvroSchemas schemas;
    private final ShapeForm form = new ShapeForm();
    private byte[] text = new byte[0];
    private int limit;

    AvroDeriver(ColumnTree tree, int depth, AvroSchemas schemas) {
        this.tree = tree;
        this.depth = depth;
        this.schemas = schemas;
    }

    /// @return the shape, valid until the next call; null when there is none
    @Nullable
    ShapeForm derive(byte[] value, int start, int end) {
        Schema schema = schemas.of(value, start).orElse(null);
        if (schema == null) {
            return null;
        }
        text = value;
        limit = end;
        form.begin(value, start);
        int at = start + AvroSchemas.PREFIX;
        form.literalTo(at);
        int last = schema.getType() == Schema.Type.RECORD
                ? fields(schema, tree.object(), at, depth - 1)
                : value(schema, tree.wholeValue(), at, depth);
        if (last != end) {
            return null;
        }
        form.end();
        return form;
    }

    private int fields(Schema record, Node node, int start, int nesting) {
        int at = start;
        for (Schema.Field field : record.getFields()) {
            at = value(field.schema(), node.of(field.name()), at, nesting);
            if (at < 0) {
                return NONE;
            }
        }
        return at;
    }

    private int value(Schema schema, List<Node> candidates, int at, int nesting) {
        if (nesting < 0 || at > limit) {
            return NONE;
        }
        return switch (schema.getType()) {
            case NULL -> at;
            case UNION -> union(schema, candidates, at, nesting);
            case RECORD -> record(schema, candidates, at, nesting - 1);
            case ARRAY -> array(schema.getElementType(), candidates, at, nesting - 1);
            case MAP -> map(schema.getValueType(), candidates, at, nesting - 1);
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTES, FIXED, ENUM ->
                scalar(schema, candidates, BinaryHole.NEVER_NULL, at);
        };
    }

    private int union(Schema union, List<Node> candidates, int at, int nesting) {
        int next = BinaryHole.varintEnd(text, at, limit);
        long branch = BinaryHole.varint(text, at, limit);
        List<Schema> types = union.getTypes();
        if (next < 0 || branch < 0 || branch >= types.size()) {
            return NONE;
        }
        if (types.size() == 2) {
            boolean nullFirst = types.get(0).getType() == Schema.Type.NULL;
            Schema other = types.get(nullFirst ? 1 : 0);
            boolean nullable = nullFirst || types.get(1).getType() == Schema.Type.NULL;
            if (nullable && op(other) > 0) {
                return scalar(other, candidates, nullFirst ? BinaryHole.NULL_FIRST : BinaryHole.NULL_SECOND, at);
            }
        }
        form.literalTo(next);
        return value(types.get((int) branch), candidates, next, nesting - 1);
    }

    private int record(Schema record, List<Node> candidates, int at, int nesting) {
        for (Node node : candidates) {
            if (node.column.type() instanceof ColumnType.Struct) {
                form.literalTo(at);
                form.present(node.column.fieldId());
                return fields(record, node, at, nesting);
            }
        }
        return NONE;
    }

    private int array(Schema elements, List<Node> candidates, int at, int nesting) {
        for (Node node : candidates) {
            Node element = node.element;
            if (element != null) {
                long count = BinaryHole.varint(text, at, limit);
                int from = BinaryHole.varintEnd(text, at, limit);
                if (from < 0 || count < 0) {
                    return NONE;
                }
                form.literalTo(at);
                if (count == 0) {
                    form.present(node.column.fieldId());
                    form.literalTo(from);
                    return from;
                }
                return elements(count, node, at, from, start -> value(elements, List.of(element), start, nesting));
            }
        }
        return NONE;
    }

    private int map(Schema values, List<Node> candidates, int at, int nesting) {
        for (Node node : candidates) {
            Node element = node.element;
            if (element != null && element.column.type() instanceof ColumnType.Struct) {
                long count = BinaryHole.varint(text, at, limit);
                int from = BinaryHole.varintEnd(text, at, limit);
                if (from < 0 || count < 0) {
                    return NONE;
                }
                form.literalTo(at);
                if (count == 0) {
                    form.present(node.column.fieldId());
                    form.literalTo(from);
                    return from;
                }
                return elements(count, node, at, from, start -> entry(element, values, start, nesting));
            }
        }
        return NONE;
    }

    private int entry(Node element, Schema values, int at, int nesting) {
        form.present(element.column.fieldId());
        int next = scalar(Schema.create(Schema.Type.STRING), element.of(KEY), BinaryHole.NEVER_NULL, at);
        return next < 0 ? NONE : value(values, element.of(VALUE), next, nesting);
    }

    /// Walks one element.
    @FunctionalInterface
    private interface Walk {
        int from(int at);
    }

    /// The first element's shape stands for all. The others are only walked: the match sees whether they have it.
    private int elements(long count, Node list, int at, int from, Walk walk) {
        form.literalTo(at);
        form.block(list.column.fieldId());
        form.resume(from);
        int next = walk.from(from);
        if (next < 0) {
            return NONE;
        }
        form.literalTo(next);
        form.end();
        ShapeForm.Mark mark = form.mark();
        for (long i = 1; i < count && next >= 0; i++) {
            form.resume(next);
            next = walk.from(next);
        }
        form.backTo(mark);
        if (next < 0 || next >= limit || text[next] != 0) {
            return NONE;
        }
        form.resume(next + 1);
        return next + 1;
    }

    /// Operation for a scalar; 0 for what is none.
    private static int op(Schema schema) {
        return switch (schema.getType()) {
            case INT, LONG -> Step.VARINT;
            case FLOAT -> Step.FLOAT32;
            case DOUBLE -> Step.FLOAT64;
            case BOOLEAN -> Step.FLAG;
            case STRING, BYTES -> Step.PREFIXED;
            case FIXED -> Step.FIXED;
            case ENUM -> Step.SYMBOL;
            case RECORD, ARRAY, MAP, UNION, NULL -> 0;
        };
    }

    private static ColumnType columnType(Schema schema) {
        return switch (schema.getType()) {
            case INT, LONG -> AvroSampler.isInstant(schema) ? ColumnType.TIMESTAMP : ColumnType.LONG;
            case FLOAT, DOUBLE -> ColumnType.DOUBLE;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case BYTES, FIXED -> ColumnType.BINARY;
            case STRING, ENUM, RECORD, ARRAY, MAP, UNION, NULL -> ColumnType.STRING;
        };
    }

    private int scalar(Schema schema, List<Node> candidates, int nulls, int at) {
        int op = op(schema);
        ColumnType wanted = columnType(schema);
        for (Node node : candidates) {
            if (node.column.type().equals(wanted)) {
                boolean millis = schema.getLogicalType() instanceof LogicalTypes.TimestampMillis;
                boolean utf8 = op == Step.PREFIXED && wanted.equals(ColumnType.STRING);
                int style = nulls | (millis ? BinaryHole.MILLIS : 0) | (utf8 ? BinaryHole.TEXT : 0);
                return hole(schema, node, op, style, at);
            }
        }
        return NONE;
    }

    private int hole(Schema schema, Node node, int op, int style, int at) {
        int fieldId = node.column.fieldId();
        byte[][] symbols = null;
        long factor = 1;
        if (op == Step.SYMBOL) {
            symbols = schema.getEnumSymbols().stream()
                    .map(symbol -> symbol.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        } else if (op == Step.FIXED) {
            factor = schema.getFixedSize();
        }
        Step probe = new Step(new byte[0], op, node.firstLeaf, style, factor, 0, 1, null, symbols);
        LeafBuffer scratch = new LeafBuffer();
        scratch.begin(text);
        int end = BinaryHole.match(probe, text, at, limit, scratch);
        if (end < 0) {
            return NONE;
        }
        form.literalTo(at);
        if (symbols != null) {
            form.symbol(fieldId, style, List.of(symbols), end);
        } else if (op == Step.FIXED) {
            form.fixed(fieldId, style, schema.getFixedSize(), end);
        } else {
            form.hole(op, fieldId, style, end);
        }
        return end;
    }
}
