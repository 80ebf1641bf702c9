package io.weir.tiered.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.AsOf;
import io.weir.tiered.query.SqlRequest;
import io.weir.tiered.query.process.ChildStatement;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /sql`, and says which member is wrong.
final class SqlBody {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final List<String> MEMBERS =
            List.of("sql", "asOf", "explain", "maxRows", "timeoutMs", "includeRetained");
    private static final long DEFAULT_ROWS = 10_000;

    private SqlBody() {}

    /// @param longest what `timeoutMs` may ask for, and the default
    /// @throws JsonProcessingException no JSON
    /// @throws WeirException `sql-request-invalid`, `asof-not-offered`
    static SqlRequest read(byte[] body, String principal, Duration longest, ChildStatement.Format format)
            throws IOException {
        JsonNode request = JSON.readTree(body);
        if (!request.isObject()) {
            throw invalid("the body is a JSON object like {\"sql\":\"SELECT 1\"}, got " + kind(request) + ".");
        }
        request.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw invalid("unknown member '" + name + "'." + NearestName.hint(MEMBERS, name));
            }
        });
        JsonNode sql = request.path("sql");
        if (!sql.isTextual() || sql.asText().isBlank()) {
            throw invalid("member 'sql' is a text that is not blank, got " + kind(sql) + ".");
        }
        if (truth(request, "includeRetained")) {
            throw invalid(
                    "member 'includeRetained': rows below the start of the log are not offered yet; leave it out.");
        }
        return new SqlRequest(
                sql.asText(),
                principal,
                asOf(request.get("asOf")),
                truth(request, "explain"),
                number(request, "maxRows", DEFAULT_ROWS, Long.MAX_VALUE),
                Duration.ofMillis(number(request, "timeoutMs", longest.toMillis(), longest.toMillis())),
                format);
    }

    private static AsOf asOf(@Nullable JsonNode asOf) {
        if (asOf == null || asOf.isNull()) {
            return AsOf.now();
        }
        if (!asOf.isObject()) {
            throw invalid("member 'asOf' is an object, got " + kind(asOf) + ".");
        }
        for (String later : List.of("time", "snapshot")) {
            if (asOf.has(later) && !asOf.path(later).has("to")) {
                throw new WeirException(
                        "asof-not-offered",
                        Whose.USER,
                        "asOf: '" + later + "' is not offered yet; give {\"offsets\":{\"<topic>\":{\"0\":1742}}} or the"
                                + " 'cut' of an earlier answer.");
            }
        }
        Map<TopicName, AsOf.Vector> topics = new HashMap<>();
        boolean offsets = asOf.has("offsets") && !asOf.path("offsets").has("to");
        (offsets ? asOf.path("offsets") : asOf)
                .properties()
                .forEach(topic -> topics.put(
                        TopicName.of(topic.getKey()),
                        offsets
                                ? new AsOf.Vector(Map.of(), vector(topic.getValue(), topic.getKey()), Map.of())
                                : cut(topic.getValue(), topic.getKey())));
        return new AsOf(topics);
    }

    private static AsOf.Vector cut(JsonNode cut, String topic) {
        if (!cut.path("to").isObject()) {
            throw invalid("member 'asOf': topic '" + topic + "' needs \"to\", an object of partition and offset.");
        }
        return new AsOf.Vector(
                vector(cut.path("from"), topic), vector(cut.path("to"), topic), vector(cut.path("cold"), topic));
    }

    private static Map<Integer, Long> vector(JsonNode vector, String topic) {
        Map<Integer, Long> offsets = new HashMap<>();
        vector.properties().forEach(entry -> {
            if (!entry.getKey().matches("[0-9]{1,9}") || !entry.getValue().canConvertToLong()) {
                throw invalid("member 'asOf': topic '" + topic + "' needs partition numbers and offsets, got \""
                        + entry.getKey() + "\": " + entry.getValue() + ".");
            }
            offsets.put(Integer.valueOf(entry.getKey()), entry.getValue().asLong());
        });
        return offsets;
    }

    private static boolean truth(JsonNode request, String name) {
        JsonNode value = request.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw invalid("member '" + name + "' is true or false, got " + kind(value) + ".");
        }
        return value.asBoolean();
    }

    private static long number(JsonNode request, String name, long otherwise, long most) {
        JsonNode value = request.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < 1 || value.asLong() > most) {
            throw invalid("member '" + name + "' is a whole number from 1"
                    + (most == Long.MAX_VALUE ? " on" : " to " + most) + ", got " + value + ".");
        }
        return value.asLong();
    }

    private static String kind(JsonNode value) {
        return value.isMissingNode()
                ? "nothing"
                : value.isContainerNode()
                        ? value.getNodeType().name().toLowerCase(java.util.Locale.ROOT)
                        : value.toString();
    }

    private static WeirException invalid(String message) {
        return new WeirException("sql-request-invalid", Whose.USER, "SQL request: " + message);
    }
}
