package io.weir.connect.library.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks that a row is one JSON object and picks its key and time out of the token stream; the value is the
/// row as it is. No tree is built: this is the hot path of a source.
final class JsonRowDecoder implements RowDecoder {
    // a line holds any names; interning them would fill the JVM's table
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final @Nullable FieldPath keyPath;
    private final @Nullable FieldPath timePath;
    private final RecordTime time;
    private @Nullable String key;
    private @Nullable Long timestampMillis;

    JsonRowDecoder(Optional<String> keyField, Optional<String> timestampField) {
        this.keyPath = keyField.map(FieldPath::new).orElse(null);
        this.timePath = timestampField.map(FieldPath::new).orElse(null);
        this.time = new RecordTime(timestampField.orElse(""));
    }

    @Override
    public @Nullable FileRecord decode(FileRow row) throws BadLine {
        byte[] bytes = row.bytes();
        int first = firstOfContent(bytes);
        if (first == bytes.length) {
            return null;
        }
        if (bytes[first] != '{' || (first + 1 < bytes.length && bytes[first + 1] == 0)) {
            throw new BadLine("the line is no JSON object in UTF-8");
        }
        key = null;
        timestampMillis = null;
        try (JsonParser parser = FACTORY.createParser(bytes, first, bytes.length - first)) {
            walk(parser);
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : e.getLocation().getByteOffset();
            throw new BadLine("the line is no valid JSON, at byte " + Math.max(0, at));
        } catch (IOException e) {
            throw new BadLine("the line is no valid JSON in UTF-8");
        }
        if (keyPath != null && key == null) {
            throw new BadLine("key.field '" + keyPath + "' is missing, or no text, number or boolean");
        }
        if (timePath != null && timestampMillis == null) {
            throw new BadLine("timestamp.field '" + timePath + "' is missing, or no text or whole number");
        }
        return new FileRecord(key, timestampMillis, bytes);
    }

    private void walk(JsonParser parser) throws IOException, BadLine {
        begin(keyPath);
        begin(timePath);
        parser.nextToken();
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                token = parser.nextToken();
                pick(parser, token, name, depth);
            }
            if (token == null) {
                throw new BadLine("the line ends inside its JSON object");
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
                leave(keyPath, depth);
                leave(timePath, depth);
            }
        }
        if (parser.nextToken() != null) {
            throw new BadLine("the line holds more than one JSON object");
        }
    }

    private void pick(JsonParser parser, JsonToken token, String name, int depth) throws IOException, BadLine {
        if (keyPath != null) {
            if (keyPath.reaches(name, depth)) {
                key = token.isScalarValue() && token != JsonToken.VALUE_NULL ? parser.getText() : null;
            } else if (token == JsonToken.START_OBJECT) {
                keyPath.enter(name, depth);
            }
        }
        if (timePath != null) {
            if (timePath.reaches(name, depth)) {
                timestampMillis = timeOf(parser, token);
            } else if (token == JsonToken.START_OBJECT) {
                timePath.enter(name, depth);
            }
        }
    }

    private @Nullable Long timeOf(JsonParser parser, JsonToken token) throws IOException, BadLine {
        if (token == JsonToken.VALUE_STRING) {
            return time.millis(parser.getText());
        }
        return token == JsonToken.VALUE_NUMBER_INT ? time.millis(parser.getLongValue()) : null;
    }

    private static void begin(@Nullable FieldPath path) {
        if (path != null) {
            path.begin();
        }
    }

    private static void leave(@Nullable FieldPath path, int depth) {
        if (path != null) {
            path.leave(depth);
        }
    }

    private static int firstOfContent(byte[] bytes) {
        int first = 0;
        while (first < bytes.length && (bytes[first] == ' ' || bytes[first] == '\t' || bytes[first] == '\r')) {
            first++;
        }
        return first;
    }
}
