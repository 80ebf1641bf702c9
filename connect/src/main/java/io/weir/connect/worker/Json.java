package io.weir.connect.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.apache.kafka.connect.runtime.rest.errors.BadRequestException;

/// The API's own JSON mapper, set up as Connect's is: field order and names come from its entities, and no other
/// mapper of the process can change them.
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static byte[] bytes(Object entity) {
        try {
            return MAPPER.writeValueAsBytes(entity);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer could not be written as JSON: " + e.getMessage(), e);
        }
    }

    /// Reads a request body.
    ///
    /// @throws BadRequestException empty, malformed, or of another shape; the message says where
    static <T> T read(byte[] body, TypeReference<T> type, String what) {
        T value;
        try {
            value = body.length == 0 ? null : MAPPER.readValue(body, type);
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new BadRequestException(
                    "Request body: must be " + what + " in JSON, got an error" + place + ": " + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new BadRequestException("Request body: could not be read: " + e.getMessage(), e);
        }
        if (value == null) {
            throw new BadRequestException("Request body: must be " + what + " in JSON, got nothing.");
        }
        return value;
    }

    /// Reads the body of another worker's answer.
    ///
    /// @throws IOException it is not of that type
    static <T> T readAnswer(byte[] body, TypeReference<T> type) throws IOException {
        return MAPPER.readValue(body, type);
    }
}
