package io.weir.streams.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.state.StateQuestion;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The query parameters of a read of state.
record StateParameters(MultivaluedMap<String, String> given) {
    /// Most rows of one page.
    static final int PAGE = 1_000;

    private static final List<String> KNOWN = List.of(
            "from", "to", "fromKey", "toKey", "limit", "after", "atLeast", "stale", "version", "partition", "timeout");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    StateParameters {
        for (String name : given.keySet()) {
            if (!KNOWN.contains(name)) {
                throw refusal(name, "is none of " + KNOWN, given.getFirst(name));
            }
        }
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(given.getFirst(name)).filter(value -> !value.isBlank());
    }

    @Nullable
    Integer version() {
        return text("version").map(Numbers::version).orElse(null);
    }

    /// How long to wait for `atLeast`.
    Duration patience() {
        Duration asked = text("timeout").map(Waiting::timeout).orElse(PATIENCE);
        return asked.compareTo(Waiting.DEFAULT) > 0 ? Waiting.DEFAULT : asked;
    }

    int limit() {
        return text("limit").map(value -> whole("limit", value, 1, PAGE)).orElse(PAGE);
    }

    /// -1 asks for all.
    int partition() {
        return text("partition")
                .map(value -> whole("partition", value, 0, Integer.MAX_VALUE))
                .orElse(-1);
    }

    boolean stale() {
        return text("stale")
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw refusal("stale", "must be true or false", value);
                })
                .orElse(false);
    }

    @Nullable
    String after() {
        return text("after").orElse(null);
    }

    StateQuestion question(String store, @Nullable String key) {
        return new StateQuestion(
                store,
                key,
                text("fromKey").orElse(null),
                text("toKey").orElse(null),
                text("from").map(value -> millis("from", value)).orElse(0L),
                text("to").map(value -> millis("to", value)).orElse(Long.MAX_VALUE),
                partition(),
                null,
                limit(),
                text("atLeast").map(StateParameters::vector).orElse(Map.of()),
                stale());
    }

    /// The same parameters for another node.
    String query(int partition, @Nullable String after, int limit, int version) {
        Map<String, String> passed = new HashMap<>();
        given.forEach((name, values) -> passed.put(name, values.getFirst()));
        passed.put("version", String.valueOf(version));
        passed.put("limit", String.valueOf(limit));
        passed.remove("after");
        if (after != null) {
            passed.put("after", after);
        }
        if (partition >= 0) {
            passed.put("partition", String.valueOf(partition));
        }
        StringBuilder query = new StringBuilder();
        passed.forEach((name, value) -> query.append(query.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(escape(value)));
        return query.toString();
    }

    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static int whole(String name, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refusal(name, "must be a whole number from " + least + " to " + most, value);
        }
        throw refusal(name, "must be a whole number from " + least + " to " + most, value);
    }

    private static long millis(String name, String value) {
        try {
            return Instant.parse(value).toEpochMilli();
        } catch (DateTimeException e) {
            throw refusal(name, "must be an instant such as 2001-03-01T00:00:00Z", value);
        }
    }

    private static Map<String, Long> vector(String value) {
        try {
            if (JSON.readTree(value) instanceof ObjectNode object) {
                Map<String, Long> vector = new HashMap<>();
                for (Map.Entry<String, JsonNode> member : object.properties()) {
                    if (!member.getValue().isIntegralNumber()
                            || !member.getKey().matches(".+-[0-9]{1,9}")) {
                        throw refusal("atLeast", "must be offsets by partition such as {\"clicks-0\": 17}", value);
                    }
                    vector.put(member.getKey(), member.getValue().asLong());
                }
                return vector;
            }
        } catch (JsonProcessingException e) {
            throw refusal("atLeast", "must be offsets by partition such as {\"clicks-0\": 17}", value);
        }
        throw refusal("atLeast", "must be offsets by partition such as {\"clicks-0\": 17}", value);
    }

    static WeirException refusal(String name, String rule, @Nullable String got) {
        return new WeirException(
                "parameter-invalid", Whose.USER, "Parameter '" + name + "': " + rule + ", got '" + got + "'.");
    }
}
