package io.weir.streams.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.job.life.SnapshotRequest;
import io.weir.streams.job.life.SnapshotRequest.AsOf;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `{"asOf":"now"}`, `{"asOf":{"time":"2001-03-01T00:00:00Z"}}` or `{"asOf":{"offsets":{"clicks-0":17}}}`, the last
/// with `"before"` too; `version` and `rate` may be added.
record SnapshotBody(@Nullable Integer version, SnapshotRequest request, Map<String, String> asGiven) {
    private static final List<String> MEMBERS = List.of("asOf", "version", "rate");
    private static final List<String> PLACES = List.of("time", "offsets", "before");

    static SnapshotBody parse(@Nullable String body) {
        BodyMembers members = BodyMembers.parse(body, MEMBERS);
        Integer version = members.text("version").map(Numbers::version).orElse(null);
        SnapshotRequest request = new SnapshotRequest(
                asOf(members.any("asOf")), members.number("rate").orElse(0));
        return new SnapshotBody(version, request, members.asGiven());
    }

    private static AsOf asOf(JsonNode given) {
        if (given.isMissingNode() || given.asText("").equals("now")) {
            return new AsOf.Now();
        }
        given.fieldNames().forEachRemaining(name -> {
            if (!PLACES.contains(name)) {
                throw BodyMembers.refusal("Member 'asOf': has time, or offsets and before, got '" + name + "'.");
            }
        });
        if (given.hasNonNull("offsets")) {
            return new AsOf.Offsets(
                    ReplayBody.offsets("asOf.offsets", given.path("offsets")), instant(given, "before"));
        }
        return instant(given, "time")
                .<AsOf>map(AsOf.Time::new)
                .orElseThrow(() -> BodyMembers.refusal(
                        "Member 'asOf': must be now, {\"time\": ...} or {\"offsets\": {...}}, got " + given + "."));
    }

    private static Optional<Instant> instant(JsonNode given, String name) {
        if (!given.hasNonNull(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(given.path(name).asText()));
        } catch (DateTimeParseException e) {
            throw BodyMembers.refusal(
                    "Member 'asOf." + name + "': must be an instant such as 2001-03-01T00:00:00Z, got '"
                            + given.path(name).asText() + "'.");
        }
    }
}
