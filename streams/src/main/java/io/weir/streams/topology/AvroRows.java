package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads Avro values in a registry's frame (`00`, the schema's id in 4 bytes big endian, the value) into
/// rows. The schema of the writer tells the fields; they are bound to components by name, by the same rules
/// as JSON. Thread-safe.
///
/// Example: `00 00000007 06 61 6e 6e 12` is `{"name":"ann","age":9}` of the schema with id 7.
final class AvroRows implements Deserializer<Object> {
    /// Where no registry is configured.
    static final SchemaLookup NO_REGISTRY = id -> {
        throw new SchemaUnavailable("Avro schema " + id
                + ": no registry is configured. Set 'weir.jobs.registry.url', in a scenario give it the schemas.");
    };

    private static final int PREFIX_BYTES = 1 + Integer.BYTES;
    private static final GenericData DATA = data();

    private final String rowName;
    private final JavaType row;
    private final ObjectMapper json;
    private final SchemaLookup schemas;
    private final Map<Integer, Schema> parsed = new ConcurrentHashMap<>();

    AvroRows(Class<?> row, ObjectMapper json, SchemaLookup schemas) {
        this.rowName = row.getSimpleName();
        this.row = json.constructType(row);
        this.json = json;
        this.schemas = schemas;
    }

    private static GenericData data() {
        GenericData data = new GenericData();
        data.addLogicalTypeConversion(new Conversions.DecimalConversion());
        data.addLogicalTypeConversion(new Conversions.UUIDConversion());
        data.addLogicalTypeConversion(new TimeConversions.DateConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimeMillisConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimeMicrosConversion());
        return data;
    }

    @Override
    public @Nullable Object deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length < PREFIX_BYTES || bytes[0] != 0) {
            throw new SerializationException("No " + rowName
                    + ": an Avro value begins with a zero byte and the id of its schema, got " + bytes.length
                    + " bytes" + (bytes.length == 0 ? "." : " that begin with " + (bytes[0] & 0xff) + "."));
        }
        int id = ByteBuffer.wrap(bytes).getInt(1);
        Schema schema = schema(id);
        try {
            Object value = new GenericDatumReader<Object>(schema, schema, DATA)
                    .read(
                            null,
                            DecoderFactory.get().binaryDecoder(bytes, PREFIX_BYTES, bytes.length - PREFIX_BYTES, null));
            return json.convertValue(plain(value), row);
        } catch (IOException | AvroRuntimeException | IllegalArgumentException e) {
            // without its cause, which would keep the job's classes alive in a log queue
            String reason = e.getCause() instanceof JsonProcessingException binding
                    ? binding.getOriginalMessage()
                    : e.getMessage();
            throw new SerializationException("No " + rowName + " of Avro schema " + id + ": " + reason);
        }
    }

    private Schema schema(int id) {
        Schema known = parsed.get(id);
        if (known != null) {
            return known;
        }
        String text = schemas.avro(id)
                .orElseThrow(() -> new SerializationException(
                        "No " + rowName + ": the registry has no Avro schema with id " + id + "."));
        try {
            Schema schema = new Schema.Parser().parse(text);
            parsed.put(id, schema);
            return schema;
        } catch (AvroRuntimeException e) {
            throw new SerializationException("No " + rowName + ": schema " + id + " is no Avro: " + e.getMessage());
        }
    }

    /// The value in maps, lists and plain values.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case IndexedRecord fields -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (Schema.Field field : fields.getSchema().getFields()) {
                    map.put(field.name(), plain(fields.get(field.pos())));
                }
                yield map;
            }
            case Map<?, ?> entries -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                entries.forEach((key, entry) -> map.put(String.valueOf(key), plain(entry)));
                yield map;
            }
            case List<?> elements -> {
                List<@Nullable Object> list = new ArrayList<>();
                elements.forEach(element -> list.add(plain(element)));
                yield list;
            }
            case GenericEnumSymbol<?> symbol -> symbol.toString();
            case GenericFixed fixed -> fixed.bytes();
            case CharSequence text -> text.toString();
            case ByteBuffer buffer -> {
                byte[] bytes = new byte[buffer.remaining()];
                buffer.duplicate().get(bytes);
                yield bytes;
            }
            default -> value;
        };
    }
}
