package io.weir.tiered.query.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.parquet.PageCodec;
import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.query.schema.ColumnExpressions;
import io.weir.tiered.query.schema.TableColumns;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.shape.ColumnSampler;
import io.weir.tiered.shape.ColumnTree;
import io.weir.tiered.shape.CountingLakeSchema;
import io.weir.tiered.shape.RandomJson;
import io.weir.tiered.shape.ShapeLimits;
import io.weir.tiered.shape.Shredder;
import io.weir.tiered.shape.TopicColumns;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A row answers the same whether its value is kept as bytes or in the table's columns.
@Timeout(60)
class TypedRowsIT {
    private static final Path EARTHQUAKES = Path.of("../deploy/examples/data/earthquakes-2018.ndjson.gz");

    @TempDir
    static Path folder;

    private static Connection duckdb;

    @BeforeAll
    static void open() throws Exception {
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET memory_limit = '1GB'");
            statement.execute("SET threads = 1");
        }
    }

    @AfterAll
    static void close() throws Exception {
        duckdb.close();
    }

    @Test
    void valuesThatAreNoObjectsAnswerAlike() throws Exception {
        List<byte[]> values =
                List.of(utf8("17"), utf8("\"quoted\""), utf8("plain text"), utf8("[1,2]"), utf8("{\"a\":1}"), utf8(""));

        assertAlike("scalars", values, values);
        assertAlike(
                "texts",
                List.of(utf8("a,b,1"), utf8("c,d,2"), utf8("\"q\""), utf8("17"), utf8("{\"a\":1}")),
                List.of(utf8("a,b,1")));
    }

    @Test
    void columnsOfOneMemberShareItsValuesWithoutOverlap() throws Exception {
        List<byte[]> values = List.of(
                utf8("{\"m\":1}"),
                utf8("{\"m\":\"text\"}"),
                utf8("{\"m\":1.5}"),
                utf8("{\"m\":true}"),
                utf8("{\"m\":\"2001-01-01\"}"),
                utf8("{\"m\":{\"m\":[1,2]}}"),
                utf8("{\"m\":[{\"x\":1},{\"x\":null},null]}"),
                utf8("{\"m\":null}"),
                utf8("{}"));

        assertAlike("conflicts", values, values);
    }

    @Test
    void earthquakesAnswerAlike() throws Exception {
        List<byte[]> values = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(EARTHQUAKES)), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> values.add(utf8(line)));
        }

        assertAlike("earthquakes", values, values);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void randomDocumentsAnswerAlike(int seed) throws Exception {
        RandomJson random = new RandomJson(new Random(seed));
        List<byte[]> values =
                IntStream.range(0, 300).mapToObj(i -> random.next()).toList();

        assertAlike("random" + seed, values, values);
    }

    private static void assertAlike(String name, List<byte[]> values, List<byte[]> sample) throws Exception {
        ColumnSampler sampler = new ColumnSampler(ShapeLimits.DEFAULT);
        sample.forEach(value -> sampler.add(value, 0, value.length));
        TopicColumns columns = new CountingLakeSchema()
                .grow(name, new UUID(0, 1), sampler.wanted(List.of(), 1000), Duration.ofSeconds(1));
        Path typed = folder.resolve(name + "-typed.parquet");
        Path raw = folder.resolve(name + "-raw.parquet");
        long rawRows = write(typed, values, columns);
        write(raw, values, TopicColumns.NONE);
        TopicSchema schema = TableColumns.over(TopicSchema.unknown(name), columns);

        List<String> fromColumns = rows(schema, typed);

        List<String> fromBytes = rows(schema, raw);
        for (int i = 0; i < values.size(); i++) {
            assertThat(fromColumns.get(i))
                    .as("row %d %s", i, new String(values.get(i), StandardCharsets.UTF_8))
                    .isEqualTo(fromBytes.get(i));
        }
        assertThat(rawRows).isLessThan(values.size());
        Files.delete(typed);
        Files.delete(raw);
    }

    /// @return rows whose value is kept as bytes
    private static long write(Path file, List<byte[]> values, TopicColumns columns) throws Exception {
        Shredder shredder = new Shredder(new ColumnTree(columns.columns()), ShapeLimits.DEFAULT);
        RecordFileWriter writer = RecordFileWriter.create(file, PageCodec.SNAPPY, 1 << 24, columns, shredder);
        for (int i = 0; i < values.size(); i++) {
            writer.write(0, i, 1000L * i, null, List.of(), values.get(i));
        }
        writer.finish();
        return writer.rawRows();
    }

    private static List<String> rows(TopicSchema schema, Path file) throws Exception {
        List<Relation.Column> columns = ColumnExpressions.of(schema).stream()
                .filter(column -> !column.name().equals("_raw"))
                .map(column -> new Relation.Column(column.name(), column.expression()))
                .toList();
        List<Relation.FileColumn> inFiles = ColumnExpressions.inFiles(schema).stream()
                .map(column -> new Relation.FileColumn(column.fieldId(), column.name(), column.type()))
                .toList();
        Relation relation =
                new Relation("rows", columns, inFiles, List.of(new Relation.Part(List.of(file.toString()), null)));
        try (Statement statement = duckdb.createStatement()) {
            statement.execute(relation.viewStatement());
            List<String> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery("SELECT CAST(rows AS VARCHAR) FROM rows ORDER BY _offset")) {
                while (found.next()) {
                    rows.add(found.getString(1));
                }
            }
            statement.execute("DROP VIEW rows");
            return rows;
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
