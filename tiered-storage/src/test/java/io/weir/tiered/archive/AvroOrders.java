package io.weir.tiered.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/// Orders in a registry's wire format, in two schemas by turns, and what their columns come to.
final class AvroOrders {
    private static final String FIRST = """
            {"type":"record","name":"Order","fields":[
              {"name":"id","type":"long"},
              {"name":"price","type":"double"},
              {"name":"tags","type":{"type":"array","items":"string"}},
              {"name":"extra","type":{"type":"map","values":"long"}}]}""";

    /// A later one: it has a note.
    private static final String SECOND = FIRST.replace(
            "{\"name\":\"price\"", "{\"name\":\"note\",\"type\":[\"null\",\"string\"]},{\"name\":\"price\"");

    /// By the id that stands in front of a value.
    static final Map<Integer, String> SCHEMAS = Map.of(41, FIRST, 42, SECOND);

    private final List<byte[]> values = new ArrayList<>();
    private long ids;
    private double prices;
    private long notes;

    AvroOrders(int count, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            values.add(order(i % 2 == 0 ? 41 : 42, random));
        }
    }

    private byte[] order(int schemaId, Random random) {
        Schema schema = new Schema.Parser().parse(SCHEMAS.get(schemaId));
        GenericRecord order = new GenericData.Record(schema);
        long id = random.nextInt(1_000_000);
        // quarters: their sums are exact in any order
        double price = random.nextInt(4000) / 4.0;
        order.put("id", id);
        order.put("price", price);
        order.put("tags", List.of("t" + random.nextInt(5), "u"));
        order.put("extra", random.nextBoolean() ? Map.of() : Map.of("k", random.nextLong()));
        if (schemaId == 42 && random.nextBoolean()) {
            order.put("note", "note " + random.nextInt(100));
            notes++;
        }
        ids += id;
        prices += price;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(schemaId).array());
        try {
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(schema).write(order, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    List<byte[]> values() {
        return values;
    }

    long ids() {
        return ids;
    }

    double prices() {
        return prices;
    }

    long notes() {
        return notes;
    }
}
