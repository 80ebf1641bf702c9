package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.streams.replay.RecordTime;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads one instant out of a JSON object and nothing behind it. Whatever it cannot read, the row's own format may:
/// it then answers [RecordTime#NONE].
///
/// @param member of the outermost object
record JsonTime(String member) {
    private static final JsonFactory JSON = new JsonFactory();

    long of(byte @Nullable [] value) {
        if (value == null) {
            return RecordTime.NONE;
        }
        try (JsonParser parser = JSON.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return RecordTime.NONE;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals(member);
                parser.nextToken();
                if (found) {
                    return parser.currentToken() == JsonToken.VALUE_STRING
                            ? IsoInstant.parse(parser.getText()).toEpochMilli()
                            : RecordTime.NONE;
                }
                parser.skipChildren();
            }
            return RecordTime.NONE;
        } catch (IOException | RuntimeException e) {
            return RecordTime.NONE;
        }
    }
}
