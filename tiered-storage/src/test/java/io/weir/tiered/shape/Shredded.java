package io.weir.tiered.shape;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// Values of one topic through the whole of the package: sampled, given columns, shredded, and rebuilt from nothing
/// but columns and the stored shapes.
final class Shredded {
    static final UUID TOPIC = new UUID(7, 7);

    final TopicColumns columns;
    final ColumnTree tree;
    final Shredder shredder;
    private final ShapeLimits limits;

    private Shredded(List<byte[]> samples, ShapeLimits limits) {
        this.limits = limits;
        ColumnSampler sampler = new ColumnSampler(limits);
        samples.forEach(value -> sampler.add(value, 0, value.length));
        CountingLakeSchema schema = new CountingLakeSchema();
        List<Column> wanted = sampler.wanted(List.of(), limits.columns());
        columns = schema.grow("t", TOPIC, wanted, Duration.ofSeconds(5));
        tree = new ColumnTree(columns.columns());
        shredder = new Shredder(tree, limits);
    }

    static Shredded sampling(List<byte[]> samples) {
        return new Shredded(samples, ShapeLimits.DEFAULT);
    }

    static Shredded sampling(ShapeLimits limits, List<byte[]> samples) {
        return new Shredded(samples, limits);
    }

    static Shredded sampling(String... samples) {
        return sampling(Arrays.stream(samples).map(Shredded::utf8).toList());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// The value's row, or null when it stays as it is.
    RowLeaves row(byte[] value) {
        byte[] padded = new byte[value.length + 5];
        Arrays.fill(padded, (byte) '7');
        System.arraycopy(value, 0, padded, 2, value.length);
        if (!shredder.shred(padded, 2, value.length)) {
            return null;
        }
        RowLeaves row = new RowLeaves(tree);
        shredder.emit(row);
        return row;
    }

    /// What a reader makes of the row that was shredded last, knowing the sidecar's section and the columns only.
    String rebuilt(RowLeaves row) {
        ColumnTree read = new ColumnTree(named(columns.columns()));
        ShapeSet.Compiled shapes = ShapeSet.read(shredder.section(), "test").compile(read);
        row.readWith(shapes);
        TextOut out = new TextOut();
        shapes.get(shredder.shapeId()).render(row, out);
        return new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8);
    }

    /// As a file knows its columns: by name and id.
    private static List<Column> named(List<Column> columns) {
        return columns.stream()
                .map(column -> new Column(column.fieldId(), column.name(), column.name(), named(column.type())))
                .toList();
    }

    private static ColumnType named(ColumnType type) {
        return switch (type) {
            case ColumnType.Struct struct -> new ColumnType.Struct(named(struct.fields()));
            case ColumnType.ListOf list ->
                new ColumnType.ListOf(named(List.of(list.element())).getFirst());
            case ColumnType.Scalar scalar -> scalar;
            case ColumnType.Decimal decimal -> decimal;
        };
    }

    /// Rebuilds the text, or says that it stays raw.
    String roundTrip(String text) {
        RowLeaves row = row(utf8(text));
        return row == null ? "raw" : rebuilt(row);
    }

    ShapeLimits limits() {
        return limits;
    }
}
