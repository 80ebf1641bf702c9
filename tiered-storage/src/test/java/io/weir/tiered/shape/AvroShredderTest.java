package io.weir.tiered.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/// Avro values in a registry's wire format: several schemas in one topic, every type, proven byte for byte.
class AvroShredderTest {
    private static final String FIRST = """
            {"type":"record","name":"Order","fields":[
              {"name":"id","type":"long"},
              {"name":"n","type":"int"},
              {"name":"price","type":["null","double"]},
              {"name":"ratio","type":"float"},
              {"name":"note","type":["string","null"]},
              {"name":"ok","type":"boolean"},
              {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
              {"name":"raw","type":"bytes"},
              {"name":"hash","type":{"type":"fixed","name":"H","size":4}},
              {"name":"kind","type":{"type":"enum","name":"K","symbols":["A","B","C"]}},
              {"name":"tags","type":{"type":"array","items":"string"}},
              {"name":"extra","type":{"type":"map","values":["null","long"]}},
              {"name":"lines","type":{"type":"array","items":{"type":"record","name":"L","fields":[
                {"name":"sku","type":"string"},{"name":"q","type":["null","int"]}]}}},
              {"name":"who","type":["null",{"type":"record","name":"W","fields":[{"name":"name","type":"string"}]}]},
              {"name":"any","type":["null","string","long"]}]}""";
    private static final String SECOND = FIRST.replace("{\"name\":\"n\",\"type\":\"int\"},", "");

    private final SchemaLookup lookup = id -> switch (id) {
        case 7 -> Optional.of(FIRST);
        case 8 -> Optional.of(SECOND);
        case 9 -> throw new IOException("the registry does not answer");
        default -> Optional.empty();
    };

    @Test
    void valuesOfSeveralSchemasComeBackByteForByte() throws IOException {
        Random random = new Random(5);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            int id = i % 3 == 0 ? 8 : 7;
            values.add(encoded(id, i % 3 == 0 ? SECOND : FIRST, random, false));
        }
        ColumnTree tree = tree(values);
        Shredder shredder = new Shredder(tree, ShapeLimits.DEFAULT, lookup);

        for (byte[] value : values) {
            assertThat(shredder.shred(value, 0, value.length)).isTrue();
            RowLeaves row = new RowLeaves(tree);
            shredder.emit(row);
            assertThat(rebuilt(shredder, row, tree)).isEqualTo(value);
        }
        assertThat(tree.leaves().stream().map(leaf -> String.valueOf(leaf.type())))
                .contains("LONG", "DOUBLE", "TIMESTAMP", "BINARY", "STRING", "BOOLEAN");
    }

    @Test
    void whatIsWrittenOtherwiseStaysRaw() throws IOException {
        Random random = new Random(6);
        byte[] blocks = encoded(7, FIRST, random, true);
        byte[] good = encoded(7, FIRST, random, false);
        Shredder shredder = new Shredder(tree(List.of(good)), ShapeLimits.DEFAULT, lookup);

        assertThat(shredder.shred(blocks, 0, blocks.length)).isFalse();
        assertThat(shredder.shred(good, 0, good.length - 1)).isFalse();
        byte[] unknown = good.clone();
        unknown[4] = 99;
        assertThat(shredder.shred(unknown, 0, unknown.length)).isFalse();
        unknown[4] = 9;
        assertThat(shredder.shred(unknown, 0, unknown.length)).isFalse();
        assertThat(shredder.shred(good, 0, good.length)).isTrue();
    }

    @Test
    void damagedValuesComeBackOrStayRaw() throws IOException {
        Random random = new Random(8);
        byte[] good = encoded(7, FIRST, random, false);
        ColumnTree tree = tree(List.of(good));
        Shredder shredder = new Shredder(tree, ShapeLimits.DEFAULT, lookup);
        for (int i = 0; i < 20_000; i++) {
            byte[] value = encoded(7, FIRST, random, false);
            value[5 + random.nextInt(value.length - 5)] = (byte) random.nextInt(256);
            if (shredder.shred(value, 0, value.length)) {
                RowLeaves row = new RowLeaves(tree);
                shredder.emit(row);
                assertThat(rebuilt(shredder, row, tree)).isEqualTo(value);
            }
        }
    }

    private ColumnTree tree(List<byte[]> values) {
        ColumnSampler sampler = new ColumnSampler(ShapeLimits.DEFAULT, lookup);
        values.forEach(value -> sampler.add(value, 0, value.length));
        return new ColumnTree(new CountingLakeSchema()
                .grow("t", Shredded.TOPIC, sampler.wanted(List.of(), 1000), Duration.ofSeconds(1))
                .columns());
    }

    private static byte[] rebuilt(Shredder shredder, RowLeaves row, ColumnTree tree) {
        byte[] form = ShapeDictionary.read(shredder.section(), "test").get(shredder.shapeId());
        TextOut out = new TextOut();
        ShapeCompiler.compile(shredder.shapeId(), form, tree).render(row, out);
        return java.util.Arrays.copyOf(out.bytes(), out.size());
    }

    private static byte[] encoded(int id, String json, Random random, boolean blocks) throws IOException {
        Schema schema = new Schema.Parser().parse(json);
        GenericData.Record order = record(schema, random);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = blocks
                ? EncoderFactory.get().blockingBinaryEncoder(bytes, null)
                : EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(order, encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    private static GenericData.Record record(Schema schema, Random random) {
        GenericData.Record order = new GenericData.Record(schema);
        order.put("id", random.nextLong());
        if (schema.getField("n") != null) {
            order.put("n", random.nextInt());
        }
        order.put("price", random.nextBoolean() ? null : random.nextDouble());
        order.put("ratio", random.nextFloat());
        order.put("note", random.nextBoolean() ? null : "nöte");
        order.put("ok", random.nextBoolean());
        order.put("at", 1_700_000_000_000L + random.nextInt());
        order.put("raw", ByteBuffer.wrap(new byte[] {(byte) 0xFF, 1}));
        order.put("hash", new GenericData.Fixed(schema.getField("hash").schema(), new byte[] {1, 2, 3, (byte) 0x80}));
        order.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "B"));
        order.put("tags", List.of("a", "b").subList(0, 1 + random.nextInt(2)));
        Map<String, Long> extra = new LinkedHashMap<>();
        extra.put("z", 1L);
        extra.put("a", random.nextBoolean() ? null : 2L);
        order.put("extra", extra);
        Schema line = schema.getField("lines").schema().getElementType();
        List<GenericData.Record> lines = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            GenericData.Record one = new GenericData.Record(line);
            one.put("sku", "s" + i);
            one.put("q", random.nextBoolean() ? null : i);
            lines.add(one);
        }
        order.put("lines", lines);
        if (random.nextBoolean()) {
            GenericData.Record who = new GenericData.Record(
                    schema.getField("who").schema().getTypes().get(1));
            who.put("name", "me");
            order.put("who", who);
        }
        order.put("any", random.nextInt(3) == 0 ? null : random.nextBoolean() ? "text" : (Object) 5L);
        return order;
    }
}
