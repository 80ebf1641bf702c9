package io.weir.connect.library.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/// A record's value as one line. The bytes stay as they are; only line ends between JSON tokens become
/// blanks.
final class NdjsonRows implements RowFormat {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    @Override
    public byte @Nullable [] row(SinkRecord record) throws BadRecord {
        byte[] value = RecordBytes.of(record.value(), "value");
        if (value == null) {
            return null;
        }
        check(value);
        byte[] row = Arrays.copyOf(value, value.length + 1);
        for (int i = 0; i < value.length; i++) {
            // inside strings JSON allows neither, so these stand between tokens
            if (row[i] == '\n' || row[i] == '\r') {
                row[i] = ' ';
            }
        }
        row[value.length] = '\n';
        return row;
    }

    @Override
    public void writeHeader(OutputStream out) {
        // NDJSON has none
    }

    private static void check(byte[] value) throws BadRecord {
        try (JsonParser parser = FACTORY.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRecord("the value is no JSON object");
            }
            parser.skipChildren();
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new BadRecord("the value is more or less than one JSON object");
            }
        } catch (IOException e) {
            throw new BadRecord("the value is no valid JSON");
        }
    }
}
