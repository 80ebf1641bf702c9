package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.admin.NewTopicRequest;
import io.weir.log.topic.TopicName;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `{"topic_name":"orders","partitions_count":3,"replication_factor":1,
/// "configs":[{"name":"retention.ms","value":"-1"}]}`.
final class TopicBody {
    private static final Set<String> MEMBERS =
            Set.of("topic_name", "partitions_count", "replication_factor", "configs");
    private static final Set<String> CONFIG_MEMBERS = Set.of("name", "value");

    private TopicBody() {}

    static NewTopicRequest parse(byte[] body) throws JsonProcessingException {
        ObjectNode object = JsonBody.object(body);
        JsonBody.requireMembers(object, MEMBERS, "Body");
        TopicName name = JsonBody.text(object, "topic_name", "Body")
                .map(TopicName::of)
                .orElseThrow(() -> JsonBody.invalid("Body, member 'topic_name': must be given."));
        return new NewTopicRequest(
                name,
                positive(object, "partitions_count"),
                positive(object, "replication_factor"),
                configs(object.get("configs")));
    }

    private static OptionalInt positive(ObjectNode object, String member) {
        OptionalInt number = JsonBody.number(object, member, "Body");
        if (number.isPresent() && (number.getAsInt() < 1 || number.getAsInt() > Short.MAX_VALUE)) {
            throw JsonBody.invalid("Body, member '" + member + "': must be from 1 to " + Short.MAX_VALUE + ", got "
                    + number.getAsInt() + ".");
        }
        return number;
    }

    private static Map<String, String> configs(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return Map.of();
        }
        if (!(node instanceof ArrayNode list)) {
            throw JsonBody.invalid("Body, member 'configs': must be a list like "
                    + "[{\"name\":\"retention.ms\",\"value\":\"-1\"}], got " + node + ".");
        }
        Map<String, String> configs = new HashMap<>();
        for (JsonNode item : list) {
            if (!(item instanceof ObjectNode config) || !config.path("name").isTextual()) {
                throw JsonBody.invalid(
                        "Body, member 'configs': each must have a 'name' and a 'value', got " + item + ".");
            }
            JsonBody.requireMembers(config, CONFIG_MEMBERS, "Body, member 'configs'");
            JsonNode value = config.path("value");
            if (!value.isValueNode() || value.isNull()) {
                throw JsonBody.invalid("Body, config '" + config.path("name").textValue()
                        + "': value must be a string or a number, got " + value + ".");
            }
            configs.put(config.path("name").textValue(), value.asText());
        }
        return configs;
    }
}
