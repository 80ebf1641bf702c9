package io.weir.streams.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Base64;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/// Keys and rows as readers see them: the JSON that a topic would hold, bytes in base64. As long-lived as the classes
/// it shows: a mapper keeps those it has seen. Thread-safe.
final class ShownValue {
    private final ObjectMapper json = Json.mapper();

    JsonNode of(Object value) {
        return switch (value) {
            case ValueAndTimestamp<?> timed -> of(timed.value());
            case Bytes bytes -> JsonNodeFactory.instance.textNode(base64(bytes.get()));
            case byte[] bytes -> JsonNodeFactory.instance.textNode(base64(bytes));
            default -> tree(value);
        };
    }

    private JsonNode tree(Object value) {
        try {
            return json.valueToTree(value);
        } catch (IllegalArgumentException e) {
            return JsonNodeFactory.instance.textNode(value.toString());
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
