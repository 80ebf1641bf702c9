package io.weir.tiered.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where a table's present metadata lies: the value of the record `table/<namespace>/<name>` in
/// `__weir_catalog`, JSON `{"location":"file:///...","topic":"orders","topicId":"..."}`.
///
/// @param location of the metadata file
/// @param topic its name when the table was made
public record TablePointer(String location, String topic, UUID topicId) {
    static final String PREFIX = "table/";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Takes in one record of the catalog; records of others are passed over.
    ///
    /// @param state pointers by `<namespace>/<name>`
    public static Map<String, TablePointer> fold(Map<String, TablePointer> state, String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return state;
        }
        Map<String, TablePointer> next = new HashMap<>(state);
        TablePointer pointer = value == null ? null : read(value);
        if (pointer == null) {
            next.remove(key.substring(PREFIX.length()));
        } else {
            next.put(key.substring(PREFIX.length()), pointer);
        }
        return Map.copyOf(next);
    }

    byte[] write() {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("location", location)
                    .put("topic", topic)
                    .put("topicId", topicId.toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A table's pointer cannot be written as JSON.", e);
        }
    }

    /// Null for what a newer version wrote in another form.
    private static @Nullable TablePointer read(byte[] value) {
        try {
            JsonNode node = JSON.readTree(value);
            String location = node.path("location").asText();
            return location.isEmpty()
                    ? null
                    : new TablePointer(
                            location,
                            node.path("topic").asText(),
                            UUID.fromString(node.path("topicId").asText()));
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
