package io.weir.tiered.query.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a typed column makes of one value, in DuckDB itself.
class ColumnExpressionsIT {
    private static Connection duckdb;

    @BeforeAll
    static void open() throws Exception {
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterAll
    static void close() throws Exception {
        duckdb.close();
    }

    @ParameterizedTest(name = "{0} of {1} is {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "NULL",
            quoteCharacter = '~',
            value = {
                "BIGINT|{\"a\":33}|33",
                "BIGINT|{\"a\":-5}|-5",
                "BIGINT|{\"a\":33.5}|NULL",
                "BIGINT|{\"a\":33.0}|NULL",
                "BIGINT|{\"a\":1e3}|NULL",
                "BIGINT|{\"a\":1e18}|NULL",
                "BIGINT|{\"a\":\"33\"}|NULL",
                "BIGINT|{\"a\":null}|NULL",
                "BIGINT|{\"a\":true}|NULL",
                "BIGINT|{\"a\":[1]}|NULL",
                "BIGINT|{\"a\":999999999999999999}|999999999999999999",
                "BIGINT|{\"a\":9999999999999999999}|NULL",
                "BIGINT|{\"b\":1}|NULL",
                "BIGINT|{\"a\":1|NULL",
                "BIGINT|[1]|NULL",
                "BIGINT|7|NULL",
                "BIGINT|text|NULL",
                "BIGINT|{\"a\":1,\"a\":2}|1",
                "DOUBLE|{\"a\":1.25}|1.25",
                "DOUBLE|{\"a\":3}|3.0",
                "DOUBLE|{\"a\":1e300}|1.0E300",
                "DOUBLE|{\"a\":NaN}|NULL",
                "DOUBLE|{\"a\":\"1.5\"}|NULL",
                "DECIMAL|{\"a\":12.50}|12.50",
                "DECIMAL|{\"a\":12}|12.00",
                "DECIMAL|{\"a\":12.505}|NULL",
                "DECIMAL|{\"a\":1234567890123456.78}|NULL",
                "DECIMAL|{\"a\":1234567890123.45}|1234567890123.45",
                "BOOLEAN|{\"a\":true}|true",
                "BOOLEAN|{\"a\":\"true\"}|NULL",
                "BOOLEAN|{\"a\":1}|NULL",
                "TIMESTAMPTZ|{\"a\":\"2001-01-01T00:01:00Z\"}|2001-01-01T00:01Z",
                "TIMESTAMPTZ|{\"a\":\"2001-01-01T00:01:00.123456Z\"}|2001-01-01T00:01:00.123456Z",
                "TIMESTAMPTZ|{\"a\":\"2001-02-30T00:01:00Z\"}|NULL",
                "TIMESTAMPTZ|{\"a\":\"2001-01-01T24:00:00Z\"}|NULL",
                "TIMESTAMPTZ|{\"a\":\"2001-01-01 00:01:00\"}|NULL",
                "TIMESTAMPTZ|{\"a\":978307260}|NULL",
                "UUID|{\"a\":\"0b7e7b0a-1111-4222-8333-0123456789ab\"}|0b7e7b0a-1111-4222-8333-0123456789ab",
                "UUID|{\"a\":\"0B7E7B0A-1111-4222-8333-0123456789AB\"}|NULL",
                "VARCHAR|{\"a\":\"x'y\"}|x'y",
                "VARCHAR|{\"a\":5}|5",
                "VARCHAR|{\"a\":{\"b\":1}}|{\"b\":1}",
                "JSON|{\"a\":{\"b\":[1,null]}}|{\"b\":[1,null]}",
                "JSON|{\"a\":null}|NULL",
                "LIST|{\"a\":[1,\"x\",null,2]}|[1, null, null, 2]",
                "LIST|{\"a\":[]}|[]",
                "LIST|{\"a\":5}|NULL",
                "STRUCT|{\"a\":{\"x\":5}}|{x=5}",
                "STRUCT|{\"a\":{}}|{x=null}",
                "STRUCT|{\"a\":5}|NULL",
                "STRUCT|{\"a\":null}|NULL",
            })
    void theValueFitsOrIsNull(String type, String value, String expected) throws Exception {
        assertThat(read(type(type), value.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @org.junit.jupiter.api.Test
    void invalidUtf8IsNullForItsOwnRowOnly() throws Exception {
        assertThat(read(ColumnType.Scalar.BIGINT, new byte[] {'{', '"', 'a', '"', ':', (byte) 0xff, '}'}))
                .isNull();
        assertThat(read(ColumnType.Scalar.BIGINT, null)).isNull();
        String expression = expression(ColumnType.Scalar.BIGINT);
        try (PreparedStatement query = duckdb.prepareStatement(
                        "SELECT sum(" + expression + ") FROM (VALUES ('{\"a\":1}'::BLOB), ('\\xFF'::BLOB), ('{'::BLOB),"
                                + " (NULL), ('{\"a\":41}'::BLOB)) t(_raw)");
                ResultSet rows = query.executeQuery()) {
            rows.next();
            assertThat(rows.getLong(1)).isEqualTo(42);
        }
    }

    private static ColumnType type(String name) {
        return switch (name) {
            case "DECIMAL" -> new ColumnType.Decimal(2);
            case "LIST" -> new ColumnType.Listing(ColumnType.Scalar.BIGINT);
            case "STRUCT" -> new ColumnType.Struct(List.of(new Column("x", "x", ColumnType.Scalar.BIGINT, 14, 1)));
            default -> ColumnType.Scalar.valueOf(name);
        };
    }

    private static String expression(ColumnType type) {
        TopicSchema schema =
                new TopicSchema("id", TopicSchema.Values.OBJECTS, List.of(new Column("a", "a", type, 13, 1)), 14, 1);
        return ColumnExpressions.of(schema).getFirst().expression();
    }

    private static String read(ColumnType type, byte[] value) throws Exception {
        try (PreparedStatement query =
                duckdb.prepareStatement("SELECT " + expression(type) + " FROM (SELECT ?::BLOB AS _raw)")) {
            query.setBytes(1, value);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                Object cell = rows.getObject(1);
                if (cell instanceof java.sql.Array list) {
                    return java.util.Arrays.toString((Object[]) list.getArray());
                }
                return cell == null
                        ? null
                        : cell instanceof org.duckdb.DuckDBStruct s ? s.getMap().toString() : cell.toString();
            }
        }
    }
}
