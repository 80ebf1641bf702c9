package io.weir.streams.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `{"job":..,"class":..,"config":{..},"artifact":..}`, as users write it. Nothing is required here.
///
/// @param artifact the SHA-256 of a jar that is stored already
record JobSpec(
        @Nullable String job,
        @Nullable String className,
        Map<String, String> config,
        @Nullable String artifact) {
    static final JobSpec EMPTY = new JobSpec(null, null, Map.of(), null);

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> MEMBERS = List.of("job", "class", "config", "artifact");

    JobSpec {
        config = Map.copyOf(config);
    }

    /// @param what how messages call the text: `Part 'spec'`
    /// @throws WeirException `json-malformed`, `spec-invalid`
    static JobSpec parse(String what, String text) {
        ObjectNode object = object(what, text);
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                throw refusal(what + ": unknown member '" + member.getKey() + "', known are "
                        + String.join(", ", MEMBERS) + "." + NearestName.hint(MEMBERS, member.getKey()));
            }
        }
        return new JobSpec(
                text(what, object, "job"),
                text(what, object, "class"),
                settings(what, object.path("config")),
                text(what, object, "artifact"));
    }

    /// A JSON object with settings.
    static Map<String, String> settings(String what, String text) {
        return settings(what, object(what, text));
    }

    /// This with everything replaced that is given; settings are added.
    JobSpec with(@Nullable String newJob, @Nullable String newClass, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(config);
        settings.putAll(more);
        return new JobSpec(newJob == null ? job : newJob, newClass == null ? className : newClass, settings, artifact);
    }

    private static @Nullable String text(String what, ObjectNode object, String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw refusal(what + ": member '" + name + "' must be a string, got " + value + ".");
        }
        return value.textValue();
    }

    private static Map<String, String> settings(String what, JsonNode config) {
        if (config.isMissingNode() || config.isNull()) {
            return Map.of();
        }
        if (!config.isObject()) {
            throw refusal(what + ": member 'config' must be an object, got " + config + ".");
        }
        Map<String, String> settings = new HashMap<>();
        for (Map.Entry<String, JsonNode> setting : config.properties()) {
            if (!setting.getValue().isValueNode() || setting.getValue().isNull()) {
                throw refusal("Setting '" + setting.getKey() + "': must be a string, a number or a boolean, got "
                        + setting.getValue() + ".");
            }
            settings.put(setting.getKey(), setting.getValue().asText());
        }
        return settings;
    }

    private static ObjectNode object(String what, String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new WeirException(
                    "json-malformed",
                    Whose.USER,
                    what + ": must be valid JSON, it breaks at line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ".");
        }
        throw refusal(what + ": must be a JSON object.");
    }

    private static WeirException refusal(String message) {
        return new WeirException("spec-invalid", Whose.USER, message);
    }
}
