package io.weir.tiered.shape;

import io.weir.tiered.segment.Utf8;
import java.util.List;

/// Looks at some values of a segment and says which columns the topic's table should have for them. Columns that are
/// there are never changed: a value of another type gets a column of its own. One thread.
public final class ColumnSampler {
    private final int depth;
    private final PathSample object = new PathSample();
    private final PathSample whole = new PathSample();
    private final AvroSampler avro;
    private long texts;

    public ColumnSampler(ShapeLimits limits) {
        this(limits, SchemaLookup.NONE);
    }

    /// @param schemas of values in a registry's wire format
    public ColumnSampler(ShapeLimits limits, SchemaLookup schemas) {
        this.depth = limits.depth();
        this.avro = new AvroSampler(new AvroSchemas(schemas), depth, object, whole);
    }

    /// Takes one value into account.
    public void add(byte[] value, int start, int length) {
        if (AvroSchemas.mayBe(value, start, length)) {
            avro.add(value, start);
            return;
        }
        int limit = start + length;
        int at = JsonScan.space(value, start, limit);
        if (at == limit) {
            return;
        }
        if (!JsonScan.isValue(value, start, limit, depth)) {
            texts += Utf8.isValid(value, start, length) ? 1 : 0;
        } else if (value[at] == '{') {
            object.objects++;
            fields(object, value, at, limit);
        } else {
            value(whole, value, at, limit);
        }
    }

    private static int value(PathSample path, byte[] text, int at, int limit) {
        return switch (text[at]) {
            case '{' -> {
                path.objects++;
                yield fields(path, text, at, limit);
            }
            case '[' -> {
                path.arrays++;
                yield elements(path, text, at, limit);
            }
            case '"' -> {
                int end = JsonScan.string(text, at, limit);
                path.string(text, at, end);
                yield end;
            }
            case 't', 'f' -> {
                path.truths++;
                yield JsonScan.word(text, at, limit);
            }
            case 'n' -> JsonScan.word(text, at, limit);
            default -> {
                int end = JsonScan.number(text, at, limit);
                path.number(text, at, end);
                yield end;
            }
        };
    }

    /// The text has been scanned: what must come, comes.
    private static int fields(PathSample path, byte[] text, int start, int limit) {
        int at = JsonScan.space(text, start + 1, limit);
        while (text[at] != '}') {
            int keyEnd = JsonScan.string(text, at, limit);
            String key = JsonKey.read(text, at + 1, keyEnd - 1);
            int colon = JsonScan.space(text, keyEnd, limit);
            int from = JsonScan.space(text, colon + 1, limit);
            PathSample field =
                    key == null ? new PathSample() : path.fields.computeIfAbsent(key, name -> new PathSample());
            at = next(text, value(field, text, from, limit), limit);
        }
        return at + 1;
    }

    private static int elements(PathSample path, byte[] text, int start, int limit) {
        PathSample element = path.element;
        if (element == null) {
            element = new PathSample();
            path.element = element;
        }
        int at = JsonScan.space(text, start + 1, limit);
        while (text[at] != ']') {
            at = next(text, value(element, text, at, limit), limit);
        }
        return at + 1;
    }

    private static int next(byte[] text, int at, int limit) {
        int next = JsonScan.space(text, at, limit);
        return text[next] == ',' ? JsonScan.space(text, next + 1, limit) : next;
    }

    /// The columns that the values so far ask for.
    ///
    /// @param known columns that the table has
    /// @param most columns that it may have, those inside of objects counted
    /// @return `known`, with new ones (field id 0) where something is missing
    public List<Column> wanted(List<Column> known, int most) {
        ColumnMerge merge = new ColumnMerge(known, most);
        boolean plainText = texts > object.objects + whole.seen();
        if (plainText) {
            PathSample text = new PathSample();
            text.strings = 1;
            return merge.wholeValue(known, text);
        }
        List<Column> withFields = merge.fields(known, object, true);
        return merge.wholeValue(withFields, whole);
    }
}
