package io.weir.tiered.wiring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.PendingTier;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Pending `tier now`s as records `tier-now/<topic>` of `__weir_catalog`, JSON
/// `{"previousLocalBytes":"1073741824","targets":{"0":1742}}`. Other keys of the topic are not its business.
final class CatalogMemory implements PendingTier.Memory {
    private static final String PREFIX = "tier-now/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Journal<Map<String, PendingTier>> journal;

    /// @param journal folded by `apply`; closed by who opened it
    CatalogMemory(Journal<Map<String, PendingTier>> journal) {
        this.journal = journal;
    }

    static Map<String, PendingTier> apply(Map<String, PendingTier> state, String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return state;
        }
        String topic = key.substring(PREFIX.length());
        Map<String, PendingTier> changed = new HashMap<>(state);
        PendingTier pending = value == null ? null : read(topic, value);
        if (pending == null) {
            changed.remove(topic);
        } else {
            changed.put(topic, pending);
        }
        return Map.copyOf(changed);
    }

    @Override
    public Map<String, PendingTier> all() {
        return journal.state();
    }

    @Override
    public void update(String topic, UnaryOperator<@Nullable PendingTier> change) {
        Boolean unused = journal.write(state -> {
            PendingTier changed = change.apply(state.get(topic));
            return new Decision<>(List.of(new Entry(PREFIX + topic, changed == null ? null : write(changed))), true);
        });
    }

    @Override
    public void forget(PendingTier expected) {
        Boolean unused = journal.write(state -> expected.equals(state.get(expected.topic()))
                ? new Decision<>(List.of(Entry.deletion(PREFIX + expected.topic())), true)
                : Decision.unchanged(false));
    }

    @Override
    public void forgetTopic(String topic) {
        Boolean unused = journal.write(state -> new Decision<>(List.of(Entry.deletion(PREFIX + topic)), true));
    }

    static byte[] write(PendingTier pending) {
        ObjectNode node = JSON.createObjectNode().put("previousLocalBytes", pending.previousLocalBytes());
        ObjectNode targets = node.putObject("targets");
        pending.targets().forEach((partition, offset) -> targets.put(Integer.toString(partition), offset));
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A pending tier cannot be written as JSON.", e);
        }
    }

    /// Null for what a newer version wrote in another form.
    private static @Nullable PendingTier read(String topic, byte[] value) {
        try {
            JsonNode node = JSON.readTree(value);
            Map<Integer, Long> targets = new TreeMap<>();
            for (Map.Entry<String, JsonNode> target : node.path("targets").properties()) {
                targets.put(Integer.valueOf(target.getKey()), target.getValue().asLong());
            }
            return new PendingTier(topic, node.path("previousLocalBytes").asText("-2"), targets);
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }
}
