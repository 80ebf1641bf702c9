package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.weir.streams.dsl.RowType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// How keys or rows of one class stand in a topic: strings and UUIDs as plain text, bytes as they are,
/// everything else as JSON. Equal values give equal bytes. Thread-safe.
final class RowFormat implements Serde<Object> {
    private final Class<?> type;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    RowFormat(Class<?> type, ObjectMapper json) {
        this(type, json.constructType(type), json);
    }

    RowFormat(RowType type, ObjectMapper json) {
        this(type.javaClass(), javaType(type, json), json);
    }

    private RowFormat(Class<?> type, JavaType javaType, ObjectMapper json) {
        this.type = type;
        this.writer = json.writerFor(javaType);
        this.reader = json.readerFor(javaType);
    }

    private static JavaType javaType(RowType type, ObjectMapper json) {
        JavaType[] parts =
                type.parts().stream().map(part -> javaType(part, json)).toArray(JavaType[]::new);
        return parts.length == 0
                ? json.constructType(type.javaClass())
                : json.getTypeFactory().constructParametricType(type.javaClass(), parts);
    }

    /// Whether the values are bytes as they are.
    boolean holdsBytes() {
        return type == byte[].class;
    }

    byte @Nullable [] write(@Nullable Object value) {
        try {
            return switch (value) {
                case null -> null;
                case byte[] bytes -> bytes;
                case String text -> text.getBytes(StandardCharsets.UTF_8);
                case UUID uuid -> uuid.toString().getBytes(StandardCharsets.UTF_8);
                default -> writer.writeValueAsBytes(value);
            };
        } catch (JsonProcessingException e) {
            throw new SerializationException(
                    "A " + type.getSimpleName() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Nullable
    Object read(byte @Nullable [] bytes) {
        if (bytes == null || type == byte[].class) {
            return bytes;
        }
        if (type == String.class) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        try {
            Object value = type == UUID.class
                    ? UUID.fromString(new String(bytes, StandardCharsets.UTF_8))
                    : reader.readValue(bytes);
            if (value == null) {
                throw new SerializationException("No " + type.getSimpleName() + ": the JSON says null.");
            }
            return value;
        } catch (JsonProcessingException e) {
            // without its cause, which would keep the parser and through it the job's classes alive in a log queue
            throw new SerializationException("No " + type.getSimpleName() + ": " + e.getOriginalMessage());
        } catch (IOException | IllegalArgumentException e) {
            throw new SerializationException("No " + type.getSimpleName() + ": " + e.getMessage());
        }
    }

    @Override
    public Serializer<Object> serializer() {
        return (topic, value) -> write(value);
    }

    @Override
    public Deserializer<Object> deserializer() {
        return (topic, bytes) -> read(bytes);
    }
}
