package io.weir.tiered.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnSampler;
import io.weir.tiered.shape.ColumnTree;
import io.weir.tiered.shape.ColumnType;
import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import io.weir.tiered.shape.CountingLakeSchema;
import io.weir.tiered.shape.ShapeLimits;
import io.weir.tiered.shape.ShapeSet;
import io.weir.tiered.shape.Shredder;
import io.weir.tiered.shape.TopicColumns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What DuckDB reads from a file's typed columns is what the JSON said, and the file gives the JSON back.
class ShapedFileIT {
    private static final Path DATA = Path.of("../deploy/examples/data");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void earthquakesReadAsTheirJsonSays() throws Exception {
        assertThat(compare(lines("earthquakes-2018.ndjson.gz", 10_000))).isEqualTo(1707);
    }

    @Test
    void flightsReadAsTheirJsonSays() throws Exception {
        assertThat(compare(lines("flights-2001.ndjson.gz", 20_000))).isEqualTo(20_000);
    }

    @Test
    void everyTypeAndNestingReadsAsItsJsonSays() throws Exception {
        List<String> values = List.of(
                "{\"id\":\"123e4567-e89b-12d3-a456-426614174000\",\"ok\":true,\"price\":12.50,\"n\":null,\"a.b\":1,"
                        + "\"day\":\"2001-01-01\",\"at\":\"2026-01-02T03:04:05.678Z\",\"lines\":[{\"sku\":\"a\",\"q\":1,"
                        + "\"tags\":[\"x\",\"y\"]},{\"sku\":\"b\",\"q\":2,\"tags\":[]}],\"grid\":[[1,2],[],[3]],"
                        + "\"deep\":{\"er\":{\"d\":0.1}},\"_key\":\"mine\"}",
                "{\"id\":null,\"lines\":[],\"grid\":[],\"deep\":{\"er\":null}}",
                "{\"lines\":null,\"deep\":{},\"ok\":false,\"price\":-0.05,\"at\":\"1969-12-31T23:59:59.001Z\"}",
                "{\"deep\":null,\"grid\":[[]],\"n\":[]}",
                "{}",
                "{\"lines\":[{\"sku\":null,\"q\":null,\"tags\":[null]}]}",
                "{\"lines\":[{\"sku\":null,\"q\":null,\"tags\":null}]}");

        assertThat(compare(values)).isEqualTo(values.size());
    }

    @Test
    void elementsWithDifferingKeysReadAsTheirJsonSays() throws Exception {
        List<String> values = List.of(
                "{\"l\":[{\"a\":1,\"b\":\"x\"},{\"b\":\"y\"},{\"c\":{\"d\":1.5}},{},null]}",
                "{\"l\":[{\"b\":\"z\",\"a\":2}]}",
                "{\"l\":[]}",
                "{\"l\":null}",
                "{}",
                "{\"l\":[{\"m\":[{\"p\":1},{\"q\":[1,2]}]},{\"m\":[]},{\"m\":[{\"q\":[]},null]},{\"a\":3}]}",
                "{\"l\":[null]}");

        assertThat(compare(values)).isEqualTo(values.size());
    }

    private int compare(List<String> values) throws Exception {
        TopicColumns topic = columns(values);
        Shredder shredder = new Shredder(new ColumnTree(topic.columns()), ShapeLimits.DEFAULT);
        Path path = folder.resolve("rows.parquet");
        RecordFileWriter writer = RecordFileWriter.create(path, PageCodec.ZSTD, 1 << 20, topic, shredder);
        for (int i = 0; i < values.size(); i++) {
            writer.write(0, i, -1, null, List.of(), values.get(i).getBytes(StandardCharsets.UTF_8));
        }
        DataFile file = writer.finish();

        assertThat(writer.rawRows()).isZero();
        assertThat(file.schemaId()).isEqualTo(topic.schemaId());
        ShapeSet shapes = ShapeSet.read(shredder.section(), "test");
        RecordFileReader reader = RecordFileReader.open(file, RecordFileTest.local(path), shapes);
        int row = 0;
        for (int group = 0; group < file.rowGroups().size(); group++) {
            DecodedRows rows = reader.read(group);
            for (int i = 0; i < rows.rows(); i++) {
                assertThat(new String(rows.value(i), StandardCharsets.UTF_8)).isEqualTo(values.get(row++));
            }
        }
        return duckDbAgrees(path, topic.columns(), values);
    }

    private static TopicColumns columns(List<String> values) {
        ColumnSampler sampler = new ColumnSampler(ShapeLimits.DEFAULT);
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            sampler.add(bytes, 0, bytes.length);
        }
        return new CountingLakeSchema()
                .grow("t", new UUID(1, 1), sampler.wanted(List.of(), 1000), Duration.ofSeconds(1));
    }

    private static int duckDbAgrees(Path path, List<Column> columns, List<String> values) throws Exception {
        String list = String.join(
                ",", columns.stream().map(column -> '"' + column.name() + '"').toList());
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT " + list + " FROM read_parquet('" + path + "') ORDER BY _offset")) {
            int row = 0;
            for (; rows.next(); row++) {
                JsonNode expected = JSON.readTree(values.get(row));
                for (int i = 0; i < columns.size(); i++) {
                    Column column = columns.get(i);
                    assertSame(column, rows.getObject(i + 1), expected.path(column.source()), "row " + row);
                }
            }
            return row;
        }
    }

    private static void assertSame(Column column, Object actual, JsonNode expected, String where) throws SQLException {
        String at = where + "." + column.name();
        if (column.isElementShape()) {
            assertThat(actual).as(at).isNotNull();
            return;
        }
        if (expected.isMissingNode() || expected.isNull()) {
            assertThat(actual).as(at).isNull();
            return;
        }
        switch (column.type()) {
            case Struct struct -> {
                Object[] fields = ((java.sql.Struct) actual).getAttributes();
                for (int i = 0; i < fields.length; i++) {
                    Column field = struct.fields().get(i);
                    assertSame(field, fields[i], expected.path(field.source()), at);
                }
            }
            case ListOf list -> {
                Object[] elements = (Object[]) ((Array) actual).getArray();
                assertThat(elements).as(at).hasSize(expected.size());
                for (int i : IntStream.range(0, elements.length).toArray()) {
                    assertSame(list.element(), elements[i], expected.get(i), at + i);
                }
            }
            case Decimal decimal ->
                assertThat((BigDecimal) actual).as(at).isEqualByComparingTo(new BigDecimal(expected.asText()));
            case Scalar scalar ->
                assertThat(actual instanceof OffsetDateTime time ? time.toInstant() : actual)
                        .as(at)
                        .isEqualTo(value(scalar, expected));
        }
    }

    private static Object value(ColumnType type, JsonNode node) {
        return switch ((Scalar) type) {
            case LONG -> node.longValue();
            case DOUBLE -> node.doubleValue();
            case BOOLEAN -> node.booleanValue();
            case STRING -> node.textValue();
            case UUID -> UUID.fromString(node.textValue());
            case TIMESTAMP -> instant(node.textValue());
            case BINARY -> throw new AssertionError("no JSON is binary");
            case JSON -> node.toString();
        };
    }

    private static Instant instant(String text) {
        return text.endsWith("Z")
                ? Instant.parse(text)
                : LocalDateTime.parse(text.length() == 10 ? text + "T00:00:00" : text)
                        .toInstant(ZoneOffset.UTC);
    }

    private static List<String> lines(String file, int most) throws IOException {
        GZIPInputStream gzip = new GZIPInputStream(Files.newInputStream(DATA.resolve(file)));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(gzip, StandardCharsets.UTF_8))) {
            return reader.lines().limit(most).toList();
        }
    }
}
