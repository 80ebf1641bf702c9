package io.weir.streams.dsl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The members of one JSON object, each asked for by name; what nobody asked for is refused at the end.
final class Members {
    private final String stage;
    private final JsonNode node;
    private final Set<String> asked = new TreeSet<>();

    Members(String stage, JsonNode node) {
        this.stage = stage;
        this.node = node;
        if (!node.isObject()) {
            throw new PlanRefused(stage, "plan-format", "an object is needed here, got " + node + ".");
        }
    }

    JsonNode any(String name) {
        asked.add(name);
        JsonNode value = node.get(name);
        if (value == null) {
            throw new PlanRefused(stage, "plan-format", "member '" + name + "' is missing.");
        }
        return value;
    }

    boolean has(String name) {
        return node.has(name);
    }

    String text(String name) {
        return any(name).asText();
    }

    @Nullable
    String textOrNull(String name) {
        JsonNode value = any(name);
        return value.isNull() ? null : value.asText();
    }

    boolean flag(String name) {
        return any(name).asBoolean();
    }

    long number(String name) {
        return any(name).asLong();
    }

    List<JsonNode> list(String name) {
        List<JsonNode> values = new ArrayList<>();
        any(name).forEach(values::add);
        return values;
    }

    List<String> texts(String name) {
        return list(name).stream().map(JsonNode::asText).toList();
    }

    void end() {
        node.fieldNames().forEachRemaining(name -> {
            if (!asked.contains(name)) {
                throw new PlanRefused(
                        stage, "unknown-field", "unknown member '" + name + "'." + Names.hint(asked, name));
            }
        });
    }
}
