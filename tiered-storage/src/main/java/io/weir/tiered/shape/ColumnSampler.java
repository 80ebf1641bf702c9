package io.weir.tiered.shape;

import io.weir.tiered.segment.Utf8;
import io.weir.tiered.shape.ColumnMerge.Oddities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks at some values of a segment and says which columns the topic's table should have for them. Columns that are
/// there are never changed: a value of another type gets a column of its own. One thread.
public final class ColumnSampler {
    /// Values that are kept to see whether columns could follow them.
    private static final int SURVEYED = 1_000;

    private static final long SURVEYED_BYTES = 4L << 20;

    /// One value in so many that cannot be followed makes its key odd, one in so many hopeless.
    private static final int ODD = 100;

    private static final int HOPELESS = 2;

    private final List<byte[]> survey = new ArrayList<>();
    private long surveyBytes;
    private final ShapeLimits limits;
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
        this.limits = limits;
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
            keep(value, start, limit);
        } else {
            value(whole, value, at, limit);
            if (value[at] == '[') {
                keep(value, start, limit);
            }
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
        List<Column> plain = wanted(known, most, Oddities.NONE);
        Set<String> odd = atLeast(ODD, unfit(plain));
        if (odd.isEmpty()) {
            return plain;
        }
        List<Column> varied = wanted(known, most, new Oddities(odd, Set.of(), Set.of()));
        Map<String, Integer> unfit = unfit(varied);
        Set<String> text = atLeast(ODD, unfit);
        return text.isEmpty() ? varied : wanted(known, most, new Oddities(odd, text, atLeast(HOPELESS, unfit)));
    }

    private void keep(byte[] value, int start, int limit) {
        if (survey.size() < SURVEYED && surveyBytes < SURVEYED_BYTES) {
            survey.add(Arrays.copyOfRange(value, start, limit));
            surveyBytes += limit - start;
        }
    }

    /// How many of the kept values each key of the top level keeps from having a shape; [Column#VALUE] stands for
    /// values that are arrays.
    private Map<String, Integer> unfit(List<Column> columns) {
        Map<String, Integer> unfit = new HashMap<>();
        Shredder shredder = new Shredder(new ColumnTree(new Numbering().of(columns)), limits);
        for (byte[] value : survey) {
            if (!shredder.shred(value, 0, value.length)) {
                unfit(value, shredder).forEach(key -> unfit.merge(key, 1, Integer::sum));
            }
        }
        return unfit;
    }

    /// Keys whose member has no shape even when it stands alone.
    private static Set<String> unfit(byte[] text, Shredder shredder) {
        Set<String> keys = new HashSet<>();
        int limit = text.length;
        int open = JsonScan.space(text, 0, limit);
        if (text[open] == '[') {
            return Set.of(Column.VALUE);
        }
        int at = JsonScan.space(text, open + 1, limit);
        while (text[at] != '}') {
            int keyEnd = JsonScan.string(text, at, limit);
            String key = JsonKey.read(text, at + 1, keyEnd - 1);
            int from = JsonScan.space(text, JsonScan.space(text, keyEnd, limit) + 1, limit);
            int to = JsonScan.value(text, from, limit, ShapeLimits.DEFAULT.depth());
            byte[] alone = new byte[to - at + 2];
            alone[0] = '{';
            System.arraycopy(text, at, alone, 1, to - at);
            alone[alone.length - 1] = '}';
            if (key != null && !shredder.shred(alone, 0, alone.length)) {
                keys.add(key);
            }
            at = next(text, to, limit);
        }
        return keys;
    }

    private Set<String> atLeast(int oneIn, Map<String, Integer> unfit) {
        Set<String> keys = new HashSet<>();
        unfit.forEach((key, count) -> {
            if ((long) count * oneIn >= survey.size()) {
                keys.add(key);
            }
        });
        return keys;
    }

    /// Gives columns ids of their own, as trees need them.
    private static final class Numbering {
        private int last;

        List<Column> of(List<Column> columns) {
            return columns.stream()
                    .map(column -> new Column(++last, column.name(), column.source(), of(column.type())))
                    .toList();
        }

        private ColumnType of(ColumnType type) {
            return switch (type) {
                case ColumnType.Struct struct -> new ColumnType.Struct(of(struct.fields()));
                case ColumnType.ListOf list ->
                    new ColumnType.ListOf(of(List.of(list.element())).getFirst());
                case ColumnType.Decimal decimal -> decimal;
                case ColumnType.Scalar scalar -> scalar;
            };
        }
    }

    private List<Column> wanted(List<Column> known, int most, Oddities odd) {
        ColumnMerge merge = new ColumnMerge(known, most, odd);
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
