package io.weir.tiered.wiring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.EraseRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Requests to erase, and their receipts, as records `erase/<id>` of `__weir_catalog`, JSON. Other keys of
/// the topic
/// are not its business.
final class EraseMemory implements EraseRequest.Memory {
    private static final String PREFIX = "erase/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Journal<Map<UUID, EraseRequest>> journal;

    EraseMemory(Journal<Map<UUID, EraseRequest>> journal) {
        this.journal = journal;
    }

    static Map<UUID, EraseRequest> apply(Map<UUID, EraseRequest> state, String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return state;
        }
        Map<UUID, EraseRequest> changed = new HashMap<>(state);
        UUID id = UUID.fromString(key.substring(PREFIX.length()));
        EraseRequest request = value == null ? null : read(id, value);
        if (request == null) {
            changed.remove(id);
        } else {
            changed.put(id, request);
        }
        return Map.copyOf(changed);
    }

    @Override
    public Map<UUID, EraseRequest> all() {
        return journal.latest();
    }

    @Override
    public void put(EraseRequest request) {
        Boolean unused =
                journal.write(state -> new Decision<>(List.of(new Entry(PREFIX + request.id(), write(request))), true));
    }

    static byte[] write(EraseRequest request) {
        ObjectNode json = JSON.createObjectNode()
                .put("topic", request.topic())
                .put("topicId", request.topicId().toString())
                .put("condition", request.condition())
                .put("conditionSha256", request.conditionSha256())
                .put("state", request.state().name())
                .put("asked", request.asked().toString())
                .put("changed", request.changed().toString())
                .put("offsets", request.offsets())
                .put("records", request.records())
                .put("segments", request.segments())
                .put("files", request.files())
                .put("unreadableBatches", request.unreadableBatches());
        request.problem().ifPresent(problem -> json.put("problem", problem));
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A request to erase cannot be written as JSON.", e);
        }
    }

    /// Null for what a newer version wrote in another form.
    private static @Nullable EraseRequest read(UUID id, byte[] value) {
        try {
            JsonNode json = JSON.readTree(value);
            return new EraseRequest(
                    id,
                    json.path("topic").asText(),
                    UUID.fromString(json.path("topicId").asText()),
                    json.path("condition").asText(),
                    json.path("conditionSha256").asText(),
                    EraseRequest.State.valueOf(json.path("state").asText()),
                    Instant.parse(json.path("asked").asText()),
                    Instant.parse(json.path("changed").asText()),
                    json.path("offsets").asLong(),
                    json.path("records").asLong(),
                    json.path("segments").asLong(),
                    json.path("files").asLong(),
                    json.path("unreadableBatches").asLong(),
                    json.has("problem") ? Optional.of(json.path("problem").asText()) : Optional.empty());
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }
}
