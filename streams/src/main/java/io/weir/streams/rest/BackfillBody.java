package io.weir.streams.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.job.life.BackfillRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `{"from":"2001-03-01T00:00:00Z","to":"2001-03-02T00:00:00Z","version":2,"keys":["ATL"],"publish":"corrections"}`;
/// `from` and `to` must be there.
record BackfillBody(BackfillRequest request, Map<String, String> asGiven) {
    private static final List<String> MEMBERS = List.of("from", "to", "version", "keys", "publish");

    static BackfillBody parse(@Nullable String body) {
        BodyMembers members = BodyMembers.parse(body, MEMBERS);
        return new BackfillBody(
                new BackfillRequest(
                        members.text("version").map(Numbers::version).orElse(null),
                        instant(members, "from"),
                        instant(members, "to"),
                        keys(members.any("keys")),
                        ownTopic(members.text("publish").orElse("corrections"))),
                members.asGiven());
    }

    private static Instant instant(BodyMembers members, String name) {
        String given = members.text(name)
                .orElseThrow(() -> BodyMembers.refusal(
                        "Member '" + name + "': is missing, an instant such as 2001-03-01T00:00:00Z."));
        try {
            return Instant.parse(given);
        } catch (DateTimeParseException e) {
            throw BodyMembers.refusal(
                    "Member '" + name + "': must be an instant such as 2001-03-01T00:00:00Z, got '" + given + "'.");
        }
    }

    private static List<String> keys(JsonNode given) {
        if (given.isMissingNode() || given.isNull()) {
            return List.of();
        }
        if (!given.isArray()) {
            throw BodyMembers.refusal("Member 'keys': must be a list of keys such as [\"ATL\"], got " + given + ".");
        }
        List<String> keys = new ArrayList<>();
        given.forEach(key -> keys.add(key.isTextual() ? key.textValue() : key.toString()));
        return keys;
    }

    private static boolean ownTopic(String given) {
        return switch (given) {
            case "corrections" -> false;
            case "topic" -> true;
            default ->
                throw BodyMembers.refusal("Member 'publish': must be corrections or topic, got '" + given + "'.");
        };
    }
}
