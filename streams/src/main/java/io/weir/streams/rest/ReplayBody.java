package io.weir.streams.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.life.ReplayRequest;
import io.weir.streams.job.life.ReplayRequest.From;
import io.weir.streams.replay.ReplayTier;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `{"from":"beginning","to":"live","tier":"auto","rate":200000,"maxDrift":"10s"}`; every member may be missing.
///
/// `from` is `beginning`, an instant, or offsets: `{"clicks-0": 17}`, or `{"clicks": [17, 4]}` by partition; `to` is
/// `live` or offsets.
record ReplayBody(ReplayRequest request, Map<String, String> asGiven) {
    private static final List<String> MEMBERS = List.of("from", "to", "tier", "rate", "maxDrift");

    static ReplayBody parse(@Nullable String body) {
        BodyMembers members = BodyMembers.parse(body, MEMBERS);
        return new ReplayBody(
                new ReplayRequest(
                        from(members.any("from")),
                        to(members.any("to")),
                        members.number("rate").orElse(0),
                        members.duration("maxDrift"),
                        tier(members.text("tier").orElse("auto"))),
                members.asGiven());
    }

    private static Optional<ReplayTier> tier(String given) {
        return switch (given.toUpperCase(Locale.ROOT)) {
            case "AUTO" -> Optional.empty();
            case "T1" -> Optional.of(ReplayTier.T1);
            case "T2" -> Optional.of(ReplayTier.T2);
            case "T3" -> Optional.of(ReplayTier.T3);
            default ->
                throw new WeirException(
                        "tier-refused",
                        Whose.USER,
                        409,
                        "Tier '" + given + "': is not offered. T1 reads through the broker, T2 reads what is archived"
                                + " from the archive, T3 folds it there, auto chooses.",
                        null);
        };
    }

    private static From from(JsonNode given) {
        if (given.isObject()) {
            return new From.Offsets(offsets("from", given));
        }
        String text = given.asText("");
        if (text.isEmpty() || text.equals("beginning") || text.equals("earliest")) {
            return new From.Beginning();
        }
        try {
            return new From.At(Instant.parse(text));
        } catch (DateTimeParseException e) {
            throw BodyMembers.refusal("Member 'from': must be beginning, an instant such as 2001-03-01T00:00:00Z or"
                    + " offsets by partition, got '" + text + "'.");
        }
    }

    private static Map<String, Long> to(JsonNode given) {
        if (given.isObject()) {
            return offsets("to", given);
        }
        String text = given.asText("live");
        if (!text.equals("live")) {
            throw BodyMembers.refusal("Member 'to': must be live or offsets by partition, got '" + text + "'.");
        }
        return Map.of();
    }

    static Map<String, Long> offsets(String member, JsonNode given) {
        Map<String, Long> offsets = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            JsonNode value = entry.getValue();
            if (value.isArray()) {
                for (int partition = 0; partition < value.size(); partition++) {
                    offsets.put(entry.getKey() + "-" + partition, offset(member, value.path(partition)));
                }
            } else {
                offsets.put(entry.getKey(), offset(member, value));
            }
        }
        return offsets;
    }

    private static long offset(String member, JsonNode value) {
        if (!value.isIntegralNumber() || value.asLong() < 0) {
            throw BodyMembers.refusal(
                    "Member '" + member + "': an offset must be a whole number from 0 on, got " + value + ".");
        }
        return value.asLong();
    }
}
