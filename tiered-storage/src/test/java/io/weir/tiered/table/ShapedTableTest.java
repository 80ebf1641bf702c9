package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnSampler;
import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.ShapeLimits;
import io.weir.tiered.shape.TopicColumns;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Typed columns through the real table: what Iceberg's own reader sees is what the JSON said, whatever the table's
/// columns were when a file was written.
class ShapedTableTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private LakeFixture lake;
    private UUID topic;

    @BeforeEach
    void anArchiveWithOneTopic() {
        lake = new LakeFixture(store, URI.create("s3a://bucket/archive"), folder);
        topic = lake.create("events");
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
    }

    @Test
    void valuesReadTheSameThroughEveryStateOfTheColumns() throws Exception {
        // Given: the same keys grow new fields, other types, nested ones
        List<String> first = List.of("{\"a\":1,\"o\":{\"x\":\"p\"}}", "{\"a\":2,\"l\":[1,2]}", "{\"a\":null}");
        List<String> second = List.of(
                "{\"a\":3,\"o\":{\"x\":\"q\",\"y\":[{\"z\":true},{\"z\":null}]},\"at\":\"2001-01-01T00:01:00Z\"}",
                "{\"b\":12.50,\"l\":[],\"o\":{}}");
        List<String> third = earthquakes(300);

        // When
        archive(0, first);
        archive(3, second);
        archive(5, third);
        lake.pass();
        Table table = lake.tables.find(topic).orElseThrow();
        table.updateSchema()
                .renameColumn("a", "renamed")
                .moveFirst("properties")
                .commit();

        // Then
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        List<Column> columns =
                ColumnMapping.columns(lake.tables.find(topic).orElseThrow().schema());
        int[] rows = {0};
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(lake.tables.find(topic).orElseThrow()).build()) {
            for (Record record : records) {
                int offset = Math.toIntExact((Long) record.getField("_offset"));
                JsonNode expected = JSON.readTree(all.get(offset));
                assertThat(record.getField("_shape")).as("row " + offset).isNotNull();
                assertThat(record.getField("_raw")).as("row " + offset).isNull();
                for (Column column : columns) {
                    String source = column.name().equals("renamed") ? "a" : column.source();
                    assertSame(column, record.getField(column.name()), expected.path(source), "row " + offset);
                }
                rows[0]++;
            }
        }
        assertThat(rows[0]).isEqualTo(all.size());
    }

    @Test
    void elementsThatDifferReadTheSameThroughEveryStateOfTheirFields() throws Exception {
        // Given: elements that are alike, then with fields of their own, then with a type of their own
        List<String> first = List.of("{\"l\":[{\"k\":1},{\"k\":2}]}", "{\"l\":[]}");
        List<String> second =
                List.of("{\"l\":[{\"k\":3,\"n\":{\"x\":1.5}},{\"n\":{}},{},null]}", "{\"l\":[{\"k\":4}]}", "{}");
        List<String> third = List.of("{\"l\":[{\"k\":\"five\"},{\"k\":6},{\"k\":null,\"m\":[{\"y\":1},{\"z\":2}]}]}");

        // When
        archive(0, first);
        archive(2, second);
        archive(5, third);
        lake.pass();

        // Then
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        Table table = lake.tables.find(topic).orElseThrow();
        List<Column> columns = ColumnMapping.columns(table.schema());
        ListOf list = (ListOf) columns.getFirst().type();
        assertThat(((Struct) list.element().type()).fields().stream().map(Column::name))
                .containsExactly("k", "n", "_shape", "k__str", "m");
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            int rows = 0;
            for (Record record : records) {
                int offset = Math.toIntExact((Long) record.getField("_offset"));
                assertThat(record.getField("_raw")).as("row " + offset).isNull();
                JsonNode expected = JSON.readTree(all.get(offset)).path("l");
                assertSame(columns.getFirst(), record.getField("l"), expected, "row " + offset);
                rows++;
            }
            assertThat(rows).isEqualTo(all.size());
        }
    }

    /// Samples, lets the table grow, and archives, as a copy does.
    private void archive(long from, List<String> values) throws Exception {
        LakeSchema schema = new TableLakeSchema(lake.open(), pool);
        List<byte[]> bytes = values.stream()
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toList();
        ColumnSampler sampler = new ColumnSampler(ShapeLimits.DEFAULT);
        bytes.forEach(value -> sampler.add(value, 0, value.length));
        List<Column> wanted = sampler.wanted(schema.columns("events", topic).columns(), 1000);
        TopicColumns columns = schema.grow("events", topic, wanted, Duration.ofSeconds(30));
        lake.shaped("events", from, bytes, columns);
    }

    private static void assertSame(Column column, Object actual, JsonNode expected, String where) {
        String at = where + "." + column.name();
        if (column.isElementShape()) {
            return;
        }
        if (expected.isMissingNode() || expected.isNull()) {
            assertThat(actual).as(at).isNull();
            return;
        }
        switch (column.type()) {
            case Struct struct ->
                struct.fields()
                        .forEach(field -> assertSame(
                                field, ((Record) actual).getField(field.name()), expected.path(field.source()), at));
            case ListOf list -> {
                List<?> elements = (List<?>) actual;
                assertThat(elements).as(at).hasSize(expected.size());
                for (int i = 0; i < elements.size(); i++) {
                    assertSame(list.element(), elements.get(i), expected.get(i), at + i);
                }
            }
            case Decimal decimal ->
                assertThat((BigDecimal) actual).as(at).isEqualByComparingTo(new BigDecimal(expected.asText()));
            case Scalar scalar ->
                assertThat(actual).as(at).isEqualTo(isOther(scalar, expected) ? null : value(scalar, expected));
        }
    }

    /// Whether the value stands in a second column.
    private static boolean isOther(Scalar type, JsonNode node) {
        return (type == Scalar.LONG && !node.isNumber()) || (type == Scalar.STRING && node.isNumber());
    }

    private static Object value(Scalar type, JsonNode node) {
        return switch (type) {
            case LONG -> node.longValue();
            case DOUBLE -> node.doubleValue();
            case BOOLEAN -> node.booleanValue();
            case STRING -> node.textValue();
            case UUID -> UUID.fromString(node.textValue());
            case TIMESTAMP -> OffsetDateTime.parse(node.textValue());
            case BINARY -> throw new AssertionError("no JSON is binary");
            case JSON -> node.toString();
        };
    }

    private static List<String> earthquakes(int count) throws Exception {
        Path file = Path.of("../deploy/examples/data/earthquakes-2018.ndjson.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().limit(count).toList();
        }
    }
}
