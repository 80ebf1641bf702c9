package io.weir.tiered.query.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaInferenceTest {
    private static List<byte[]> values(String... json) {
        List<byte[]> values = new ArrayList<>();
        for (String text : json) {
            values.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return values;
    }

    private static TopicSchema infer(String... json) {
        return SchemaInference.infer("id", values(json), json.length);
    }

    private static String types(TopicSchema schema) {
        List<String> types = new ArrayList<>();
        schema.columns()
                .forEach(column -> types.add(column.name() + " " + column.type().sqlName()));
        return String.join(", ", types);
    }

    @Test
    void eachKindOfJsonValueHasItsType() {
        TopicSchema schema =
                infer("{\"i\":-12,\"d\":1.5,\"f\":1e3,\"b\":true,\"u\":\"0b7e7b0a-1111-4222-8333-0123456789ab\","
                        + "\"t\":\"2001-01-01T00:01:00Z\",\"s\":\"x\",\"o\":{\"a\":1,\"l\":[1.25,3]},\"l\":[\"x\"],\"m\":[1,\"x\"],"
                        + "\"n\":null,\"w\":1234567890123456789,\"z\":\"2001-02-03\"}");

        assertThat(types(schema))
                .isEqualTo("i BIGINT, d DECIMAL(18,1), f DOUBLE, b BOOLEAN, u UUID, t TIMESTAMPTZ, s VARCHAR,"
                        + " o STRUCT(\"a\" BIGINT, \"l\" DOUBLE[]), l VARCHAR[], m JSON, w VARCHAR, z VARCHAR");
    }

    @Test
    void oneScaleOnThePathMakesADecimalAndFreeFractionsADouble() {
        assertThat(types(infer("{\"p\":12.50}", "{\"p\":3.10}"))).isEqualTo("p DECIMAL(18,2)");
        assertThat(types(infer("{\"p\":12.5}", "{\"p\":3.10}"))).isEqualTo("p DOUBLE");
        assertThat(types(infer("{\"p\":12}", "{\"p\":3.10}"))).isEqualTo("p DOUBLE");
        assertThat(types(infer("{\"p\":12345678901234.50}"))).isEqualTo("p DOUBLE");
    }

    @Test
    void aTypeHoldsForNinetyNinePercentElseItIsText() {
        List<String> mostly = new ArrayList<>(
                IntStream.range(0, 199).mapToObj(i -> "{\"a\":" + i + "}").toList());
        mostly.add("{\"a\":\"x\"}");

        assertThat(types(infer(mostly.toArray(String[]::new)))).isEqualTo("a BIGINT");
        assertThat(types(infer("{\"a\":1}", "{\"a\":\"x\"}"))).isEqualTo("a VARCHAR");
    }

    @Test
    void aRareMemberIsNoColumn() {
        List<String> many = new ArrayList<>(
                IntStream.range(0, 2000).mapToObj(i -> "{\"a\":1}").toList());
        many.add("{\"a\":1,\"rare\":1}");

        assertThat(types(infer(many.toArray(String[]::new)))).isEqualTo("a BIGINT");
    }

    @Test
    void namesThatSqlCannotTellApartAreNumberedAndReservedOnesGetAnUnderscore() {
        assertThat(types(infer("{\"id\":1,\"ID\":2,\"Id\":3,\"_key\":4,\"__offset\":5,\"\":6,\"a*\":7,\"q\\\"\":8}")))
                .isEqualTo("id BIGINT, ID__2 BIGINT, Id__3 BIGINT, __key BIGINT, ___offset BIGINT");
    }

    @Test
    void aTopicOfOtherValuesIsText() {
        assertThat(infer("hello", "{\"a\":1}", "[1]").values()).isEqualTo(TopicSchema.Values.TEXT);
        assertThat(infer().values()).isEqualTo(TopicSchema.Values.UNKNOWN);
        assertThat(infer("{\"a\":1}", "{\"a\":1,}", "{\"a\":1").values()).isEqualTo(TopicSchema.Values.TEXT);
    }

    @Test
    void growthAddsColumnsAndChangesNone() {
        TopicSchema pinned = infer("{\"a\":1,\"o\":{\"x\":1},\"t\":\"s\"}");

        TopicSchema grown = SchemaGrowth.grow(
                pinned, values("{\"a\":1.5,\"n\":true,\"o\":{\"x\":\"y\",\"z\":2},\"t\":5}", "{\"a\":2.25}"), 10);

        assertThat(types(grown))
                .isEqualTo("a BIGINT, o STRUCT(\"x\" BIGINT, \"x__str\" VARCHAR, \"z\" BIGINT), t VARCHAR,"
                        + " a__dbl DOUBLE, n BOOLEAN");
        assertThat(grown.columns().getFirst()).isEqualTo(pinned.columns().getFirst());
        TopicSchema again = SchemaGrowth.grow(grown, values("{\"a\":1.5,\"o\":{\"x\":\"y\"}}"), 20);
        assertThat(types(again)).isEqualTo(types(grown));
    }

    @Test
    void fieldIdsAreUniqueAndStartAfterTheFixedColumns() {
        TopicSchema grown =
                SchemaGrowth.grow(infer("{\"a\":1,\"o\":{\"x\":1}}"), values("{\"b\":1,\"o\":{\"y\":{\"z\":1}}}"), 10);

        List<Integer> ids = new ArrayList<>();
        collect(grown.columns(), ids);
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id >= 13 && id < grown.nextFieldId());
    }

    private static void collect(List<Column> columns, List<Integer> ids) {
        for (Column column : columns) {
            ids.add(column.fieldId());
            if (column.type() instanceof ColumnType.Struct struct) {
                collect(struct.fields(), ids);
            }
        }
    }

    @Test
    void thePinnedRecordReadsBackEqual() {
        TopicSchema schema = infer("{\"a\":1,\"o\":{\"x\":[1.5]},\"d\":2.50,\"j\":[1,\"x\"],\"l\":[true]}");

        assertThat(SchemaJson.read(SchemaJson.write(schema))).isEqualTo(schema);
    }
}
