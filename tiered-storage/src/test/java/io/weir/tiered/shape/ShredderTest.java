package io.weir.tiered.shape;

import static io.weir.tiered.shape.Shredded.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShredderTest {
    private static final int TOPICS = 400;
    private static final int VALUES = 60;

    @Test
    void everyRandomValueComesBackByteForByteOrStaysRaw() {
        long shredded = 0;
        for (long seed = 0; seed < TOPICS; seed++) {
            RandomJson json = new RandomJson(new Random(seed));
            List<byte[]> values = new ArrayList<>();
            for (int i = 0; i < VALUES; i++) {
                values.add(json.next());
            }
            Shredded topic = Shredded.sampling(values.subList(0, VALUES / 2));
            for (byte[] value : values) {
                RowLeaves row = topic.row(value);
                if (row != null) {
                    assertLevels(topic.tree, row);
                    assertThat(topic.rebuilt(row))
                            .as("seed %d", seed)
                            .isEqualTo(new String(value, StandardCharsets.UTF_8));
                    shredded++;
                }
            }
        }
        assertThat(shredded).isGreaterThan(TOPICS * VALUES / 4);
    }

    private static void assertLevels(ColumnTree tree, RowLeaves row) {
        for (Leaf leaf : tree.leaves()) {
            List<RowLeaves.Entry> entries = row.entries.get(leaf.index());
            assertThat(entries).isNotEmpty();
            assertThat(entries.getFirst().repetition()).isZero();
            for (RowLeaves.Entry entry : entries) {
                assertThat(entry.repetition()).isLessThanOrEqualTo(leaf.repetition());
                assertThat(entry.value() != null).isEqualTo(entry.definition() == leaf.definition());
                assertThat(entry.definition()).isLessThanOrEqualTo(leaf.definition());
            }
            assertThat(entries.stream().skip(1).allMatch(entry -> entry.repetition() > 0))
                    .isTrue();
        }
    }

    @Test
    void theWorkedExampleHasTypedColumns() {
        String text = "{\"id\":17,\"at\":\"2026-01-02T03:04:05.678Z\",\"p\":12.50}";
        Shredded topic = Shredded.sampling(text);

        assertThat(topic.columns.columns())
                .containsExactly(
                        new Column(13, "id", "id", ColumnType.LONG),
                        new Column(14, "at", "at", ColumnType.TIMESTAMP),
                        new Column(15, "p", "p", new ColumnType.Decimal(18, 2)));
        assertThat(topic.roundTrip(text)).isEqualTo(text);
        RowLeaves row = topic.row(utf8(text));
        assertThat(row.entries)
                .containsExactly(
                        List.of(new RowLeaves.Entry(0, 1, 17L)),
                        List.of(new RowLeaves.Entry(0, 1, 1_767_323_045_678_000L)),
                        List.of(new RowLeaves.Entry(0, 1, 1250L)));
        assertThat(topic.roundTrip(text.replace("17", "017"))).isEqualTo("raw");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{\"a\":1e3}",
                "{\"a\":-0}",
                "{\"a\":01}",
                "{\"a\":1234567890123456789}",
                "{\"s\":\"\\/\"}",
                "{\"s\":\"\\u0041\"}",
                "{\"s\":\"\\ud83d\"}",
                "{\"s\":\"open",
                "{\"l\":[1,\"x\"]}",
                "{\"o\":[{\"a\":1},{\"b\":2}]}",
                "{\"new\":1}",
                "{\"a\":tru}",
                "{\"a\":1}}",
                "plain",
                ""
            })
    void whatAShapeCannotSayStaysRaw(String text) {
        Shredded topic = Shredded.sampling("{\"a\":1,\"s\":\"x\",\"l\":[1],\"o\":[{\"a\":1,\"b\":2}]}");

        assertThat(topic.roundTrip(text)).isEqualTo("raw");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " { \"a\" : 1 }\n",
                "{\"a\":null,\"s\":null,\"l\":null,\"o\":null,\"d\":null}",
                "{\"l\":[]}",
                "{\"l\":[ ]}",
                "{\"l\":[null]}",
                "{\"l\":[null, 1, null]}",
                "{\"o\":[]}",
                "{\"o\":[{}]}",
                "{\"o\":[{},{}]}",
                "{\"o\":[null,null]}",
                "{\"o\":[{\"b\":null},{\"b\":1},{\"b\":2}]}",
                "{\"n\":{\"x\":{\"y\":1}}}",
                "{\"n\":{\"x\":{}}}",
                "{\"n\":{\"x\":null}}",
                "{\"n\":{}}",
                "{\"m\":[[1,2],[3]]}",
                "{\"m\":[[],[3]]}",
                "{\"m\":[[],[]]}",
                "{\"unknown\":null,\"other\":[],\"third\":{}}",
                "{\"s\":\"a\\\"b\\\\c\\n\\u0001\"}",
                "{\"s\":\"é\uD83D\uDE00\u2028\"}",
                "{\"s\":\"\\u00e9\\ud83d\\ude00\"}",
                "{\"s\":\"\\u00E9\"}",
                "{\"s\":\"\\u003cb\\u003e\"}",
                "{\"d\":3}",
                "{\"d\":3.0}",
                "{\"d\":1e-07}",
                "{\"d\":1.0E-7}",
                "{\"d\":1e+21}",
                "{\"d\":-0.0}",
                "{\"d\":2.500}",
                "{\"d\":0.30000000000000004}",
                "{\"d\":1.7976931348623157e+308}",
                "{\"a\":-999999999999999999}"
            })
    void whatAShapeCanSayIsShredded(String text) {
        Shredded topic = Shredded.sampling(
                "{\"a\":1,\"s\":\"x\",\"l\":[1],\"o\":[{\"a\":1,\"b\":2}],\"d\":1.5,\"n\":{\"x\":{\"y\":1}},\"m\":[[1]]}");

        assertThat(topic.roundTrip(text)).isEqualTo(text);
    }

    @Test
    void aPathWithSeveralTypesHasSeveralColumns() {
        Shredded topic = Shredded.sampling(
                "{\"p\":1}", "{\"p\":2}", "{\"p\":\"x\"}", "{\"p\":true}", "{\"p\":{\"a\":1}}", "{\"p\":[1]}");

        assertThat(topic.columns.columns().stream().map(Column::name))
                .containsExactly("p", "p__bool", "p__str", "p__obj", "p__list");
        for (String text :
                List.of("{\"p\":5}", "{\"p\":\"y\"}", "{\"p\":false}", "{\"p\":{\"a\":2}}", "{\"p\":[1,2]}")) {
            assertThat(topic.roundTrip(text)).isEqualTo(text);
        }
    }

    @Test
    void knownColumnsStayWhateverComesLater() {
        ColumnSampler first = new ColumnSampler(ShapeLimits.DEFAULT);
        add(first, "{\"p\":1,\"at\":\"2001-01-01T00:01:00Z\",\"o\":{\"a\":1},\"l\":[1]}");
        CountingLakeSchema schema = new CountingLakeSchema();
        List<Column> known = schema.grow("t", Shredded.TOPIC, first.wanted(List.of(), 100), java.time.Duration.ZERO)
                .columns();
        ColumnSampler second = new ColumnSampler(ShapeLimits.DEFAULT);
        add(second, "{\"p\":1.5,\"at\":\"soon\",\"o\":{\"a\":1,\"b\":true},\"l\":[1.5],\"z\":[{\"y\":1}]}");

        List<Column> grown = schema.grow("t", Shredded.TOPIC, second.wanted(known, 100), java.time.Duration.ZERO)
                .columns();

        assertThat(grown)
                .startsWith(known.get(0), known.get(1))
                .extracting(Column::name)
                .containsExactly("p", "at", "o", "l", "p__dbl", "at__str", "l__list", "z");
        assertThat(schema.grow("t", Shredded.TOPIC, second.wanted(grown, 100), java.time.Duration.ZERO)
                        .columns())
                .isEqualTo(grown);
    }

    private static void add(ColumnSampler sampler, String text) {
        sampler.add(utf8(text), 0, utf8(text).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LAS,PHL,33", "17", "{not json", "\"quoted\"", " ", "é"})
    void plainTextIsOneColumn(String text) {
        Shredded topic = Shredded.sampling("LAS,PHL,33", "ATL,SAV,19", "hello");

        assertThat(topic.columns.columns()).containsExactly(new Column(13, "_value", "_value", ColumnType.STRING));
        assertThat(topic.roundTrip(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"17", "[1,2]", "\"x\"", "null"})
    void aValueThatIsNoObjectIsOneColumn(String text) {
        Shredded topic = Shredded.sampling("17", "[1,2,3]", "\"y\"");

        assertThat(topic.roundTrip(text)).isEqualTo(text);
    }

    @Test
    void bytesThatAreNoTextStayRaw() {
        Shredded topic = Shredded.sampling("plain", "text");

        assertThat(topic.row(new byte[] {'a', (byte) 0xC3, 0x28})).isNull();
        assertThat(topic.row(new byte[] {0, 1, (byte) 0xFF})).isNull();
    }

    @Test
    void beyondTheLimitsValuesStayRaw() {
        ShapeLimits limits = new ShapeLimits(2, 2, 3);
        Shredded topic =
                Shredded.sampling(limits, List.of(utf8("{\"a\":1,\"b\":2,\"c\":3}"), utf8("{\"a\":{\"b\":1}}")));

        assertThat(topic.columns.columns()).hasSize(2);
        assertThat(topic.roundTrip("{\"a\":1}")).isEqualTo("{\"a\":1}");
        assertThat(topic.roundTrip("{\"b\":1}")).isEqualTo("{\"b\":1}");
        assertThat(topic.roundTrip("{\"b\":1,\"a\":2}")).isEqualTo("raw");
        assertThat(topic.roundTrip("{\"c\":1}")).isEqualTo("raw");
        assertThat(topic.roundTrip("{\"a\":3}")).isEqualTo("{\"a\":3}");
        assertThat(topic.roundTrip("[[[[[]]]]]")).isEqualTo("raw");
    }

    @Test
    void anObjectWhoseKeysAreDataIsOneColumnOfJsonText() {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            values.add(utf8("{\"id\":1,\"by\":{\"u" + i + "\": 1.50}}"));
        }

        Shredded topic = Shredded.sampling(values);

        assertThat(topic.columns.columns())
                .containsExactly(
                        new Column(13, "id", "id", ColumnType.LONG), new Column(14, "by__json", "by", ColumnType.JSON));
        for (byte[] value : values) {
            assertThat(topic.row(value)).isNotNull();
        }
        assertThat(topic.shredder.shapes()).isEqualTo(1);
    }

    @Test
    void oneOddMemberDoesNotKeepItsNeighboursRaw() {
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String lines = i % 10 == 0 ? "[{\"a\":1},2]" : "[{\"a\":1}]";
            values.add(utf8("{\"id\":" + i + ",\"lines\":" + lines + "}"));
        }

        Shredded topic = Shredded.sampling(values);

        assertThat(topic.columns.columns().stream().map(Column::name)).containsExactly("id", "lines__json", "lines");
        for (byte[] value : values) {
            assertThat(topic.row(value))
                    .as(new String(value, StandardCharsets.UTF_8))
                    .isNotNull();
        }
    }

    private static List<byte[]> orders(int count) {
        List<byte[]> values = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < count; i++) {
            List<String> lines = new ArrayList<>();
            for (int line = random.nextInt(12); line > 0; line--) {
                lines.add(
                        switch (random.nextInt(6)) {
                            case 0 -> "{\"sku\":\"s" + i + "\",\"price\":9.50}";
                            case 1 -> "{\"price\":1.25,\"sku\":\"s\"}";
                            case 2 -> "{\"sku\":\"s\",\"off\":{\"by\":" + line + "}}";
                            case 3 -> "{\"sku\":" + line + ",\"tags\":[\"a\",\"b\"]}";
                            case 4 -> "{\"parts\":[{\"n\":1},{\"m\":2,\"n\":null},null,{}]}";
                            default -> random.nextBoolean() ? "null" : "{}";
                        });
            }
            values.add(utf8("{\"id\":" + i + ",\"lines\":[" + String.join(",", lines) + "]}"));
        }
        return values;
    }

    @Test
    void elementsWithDifferingKeysAreOneListOfTheUnionOfTheirFields() {
        List<byte[]> values = orders(2_000);

        Shredded topic = Shredded.sampling(values.subList(0, 500));

        assertThat(topic.columns.columns().stream().map(Column::name)).containsExactly("id", "lines");
        ColumnType.ListOf lines =
                (ColumnType.ListOf) topic.columns.columns().get(1).type();
        assertThat(((ColumnType.Struct) lines.element().type())
                        .fields().stream().map(Column::name))
                .containsExactlyInAnyOrder("sku", "sku__int", "price", "off", "tags", "parts", "_shape");
        for (byte[] value : values) {
            RowLeaves row = topic.row(value);
            assertThat(row).isNotNull();
            assertLevels(topic.tree, row);
            assertThat(topic.rebuilt(row)).isEqualTo(new String(value, StandardCharsets.UTF_8));
        }
        // two of the documents (with lines or without), the others are of elements
        assertThat(topic.shredder.shapes()).isLessThan(14);
    }

    @Test
    void aKeyNamedLikeTheShapesIsADifferentField() {
        List<String> texts = List.of(
                "{\"l\":[{\"_shape\":1},{\"\":2},{\"\":\"x\",\"_shape\":null},{}]}",
                "{\"l\":[{\"\":3,\"_shape\":4},{\"_shape\":5}]}");
        Shredded topic = Shredded.sampling(texts.get(0), texts.get(1));

        texts.forEach(text -> assertThat(topic.roundTrip(text)).isEqualTo(text));
    }

    @Test
    void aValueThatIsAnArrayOfDifferingObjectsIsShredded() {
        List<String> texts = List.of("[{\"a\":1},{\"b\":\"x\"}]", "[{\"b\":\"y\",\"a\":2},null]", "[]");
        Shredded topic = Shredded.sampling(texts.get(0), texts.get(1), texts.get(2));

        texts.forEach(text -> assertThat(topic.roundTrip(text)).isEqualTo(text));
    }

    @Test
    void anElementTakesTheShapeThatGivesItBackNotTheFirstThatFits() {
        Shredded topic = Shredded.sampling("{\"l\":[{\"d\":1.5},{\"e\":1}]}", "{\"l\":[{\"d\":2.25},{}]}");

        for (String text : List.of(
                "{\"l\":[{\"d\":3.0},{\"d\":3},{\"d\":1e-07},{\"d\":1.0E-7},{\"e\":2}]}",
                "{\"l\":[{\"d\":1.0E-7},{\"d\":1e-07},{\"d\":3},{\"d\":3.0}]}")) {
            assertThat(topic.roundTrip(text)).isEqualTo(text);
            assertThat(topic.roundTrip(text)).isEqualTo(text);
        }
    }

    @Test
    void beyondTheCapOfShapesElementsAndTheirValuesStayRaw() {
        ShapeLimits limits = new ShapeLimits(4, 100, 64);
        List<byte[]> samples = List.of(utf8("{\"l\":[{\"a\":1,\"b\":1,\"c\":1,\"d\":1},{}]}"));
        Shredded topic = Shredded.sampling(limits, samples);

        assertThat(topic.roundTrip("{\"l\":[{\"a\":1},{\"b\":1}]}")).isEqualTo("{\"l\":[{\"a\":1},{\"b\":1}]}");
        assertThat(topic.roundTrip("{\"l\":[{\"c\":1},{\"d\":1}]}")).isEqualTo("raw");
        assertThat(topic.roundTrip("{\"l\":[{\"b\":1},{\"a\":2}]}")).isEqualTo("{\"l\":[{\"b\":1},{\"a\":2}]}");
        assertThat(topic.shredder.shapes()).isLessThanOrEqualTo(4);
    }

    @Test
    void whatReadersOfJsonDisagreeOnIsNotKeptAsJsonText() {
        Shredded topic = Shredded.sampling("{\"id\":1,\"by\":[1,\"a\"]}");

        assertThat(topic.roundTrip("{\"id\":2,\"by\":[2,\"b\",{}]}")).isEqualTo("{\"id\":2,\"by\":[2,\"b\",{}]}");
        assertThat(topic.roundTrip("{\"id\":2,\"by\":[+1,\"b\"]}")).isEqualTo("raw");
        assertThat(topic.roundTrip("{\"id\":2,\"by\":[\"\\ud83d\",1]}")).isEqualTo("raw");
    }

    @Test
    void nullsAndOptionalFieldsDoNotMultiplyShapes() {
        Shredded topic = Shredded.sampling("{\"a\":1,\"b\":\"x\",\"c\":1.25}");
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            String text = "{\"a\":" + (random.nextBoolean() ? "null" : i) + ",\"b\":"
                    + (random.nextBoolean() ? "null" : "\"x\"") + ",\"c\":" + (random.nextBoolean() ? "null" : i / 4.0)
                    + "}";
            assertThat(topic.roundTrip(text)).isEqualTo(text);
        }
        assertThat(topic.shredder.shapes()).isLessThanOrEqualTo(3);
    }
}
