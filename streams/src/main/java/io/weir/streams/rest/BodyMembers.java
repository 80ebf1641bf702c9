package io.weir.streams.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The members of a small JSON body, all optional. An unknown one is refused with the nearest known one.
final class BodyMembers {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode object;

    private BodyMembers(ObjectNode object) {
        this.object = object;
    }

    /// @throws WeirException `json-malformed`, `spec-invalid`
    static BodyMembers parse(@Nullable String body, List<String> known) {
        if (body == null || body.isBlank()) {
            return new BodyMembers(JSON.createObjectNode());
        }
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                object.fieldNames().forEachRemaining(name -> {
                    if (!known.contains(name)) {
                        throw refusal("Body: unknown member '" + name + "', known are " + String.join(", ", known) + "."
                                + NearestName.hint(known, name));
                    }
                });
                return new BodyMembers(object);
            }
        } catch (JsonProcessingException e) {
            throw new WeirException(
                    "json-malformed",
                    Whose.USER,
                    "Body: must be valid JSON, it breaks at line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ".");
        }
        throw refusal("Body: must be a JSON object.");
    }

    JsonNode any(String name) {
        return object.path(name);
    }

    Optional<String> text(String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    OptionalLong number(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return OptionalLong.empty();
        }
        if (!value.isIntegralNumber() || value.asLong() < 0) {
            throw refusal("Member '" + name + "': must be a whole number from 0 on, got " + value + ".");
        }
        return OptionalLong.of(value.asLong());
    }

    Optional<Boolean> flag(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw refusal("Member '" + name + "': must be true or false, got " + value + ".");
        }
        return Optional.of(value.asBoolean());
    }

    Optional<Duration> duration(String name) {
        return text(name).map(given -> {
            try {
                if (given.matches("[0-9]{1,9}ms")) {
                    return Duration.ofMillis(Long.parseLong(given.substring(0, given.length() - 2)));
                }
                String iso = given.toUpperCase(Locale.ROOT);
                return Duration.parse(iso.startsWith("P") ? iso : iso.endsWith("D") ? "P" + iso : "PT" + iso);
            } catch (DateTimeParseException e) {
                throw refusal(
                        "Member '" + name + "': must be a time such as 500ms, 30s, 2m or 7d, got '" + given + "'.");
            }
        });
    }

    /// Everything as given, for the record.
    Map<String, String> asGiven() {
        Map<String, String> given = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            JsonNode value = member.getValue();
            given.put(member.getKey(), value.isTextual() ? value.textValue() : value.toString());
        }
        return given;
    }

    static WeirException refusal(String message) {
        return new WeirException("spec-invalid", Whose.USER, message);
    }
}
