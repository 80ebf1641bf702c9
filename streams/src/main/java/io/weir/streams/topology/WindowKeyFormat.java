package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.WindowKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/// The key of a windowed result in a topic:
/// `{"key":"ATL","window_start":"2001-01-01T06:00:00Z","window_end":"2001-01-01T07:00:00Z"}`.
///
/// The bounds have whole seconds, or three digits of fraction where windows may begin in between; one width within a
/// topic makes the order of texts the order of times.
final class WindowKeyFormat implements Serde<Object> {
    private final ObjectMapper json;
    private final DateTimeFormatter bound;

    WindowKeyFormat(boolean wholeSeconds, ObjectMapper json) {
        this.json = json;
        this.bound = new DateTimeFormatterBuilder()
                .appendInstant(wholeSeconds ? 0 : 3)
                .toFormatter();
    }

    byte[] write(WindowKey<?> key) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
        try (JsonGenerator generator = json.createGenerator(bytes)) {
            generator.writeStartObject();
            generator.writeFieldName("key");
            json.writeValue(generator, key.key());
            generator.writeStringField("window_start", text(key.start()));
            generator.writeStringField("window_end", text(key.end()));
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private String text(Instant instant) {
        return bound.format(instant);
    }

    @Override
    public Serializer<Object> serializer() {
        return (topic, key) -> write((WindowKey<?>) key);
    }

    /// Windowed results are written, never read back by a job.
    @Override
    public Deserializer<Object> deserializer() {
        return (topic, bytes) -> {
            throw new UnsupportedOperationException("topic " + topic);
        };
    }
}
