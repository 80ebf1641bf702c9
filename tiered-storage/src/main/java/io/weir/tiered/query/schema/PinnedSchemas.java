package io.weir.tiered.query.schema;

import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import io.weir.log.topic.TopicName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The pinned schemas of all topics: records `schema/<topic>` in `__weir_catalog`. Thread-safe; owns nothing.
public final class PinnedSchemas {
    private static final String PREFIX = "schema/";

    private final Journal<Map<String, TopicSchema>> journal;

    /// @param journal folded by `fold`; closed by who opened it
    public PinnedSchemas(Journal<Map<String, TopicSchema>> journal) {
        this.journal = journal;
    }

    /// Takes in one record of the catalog; records of others are passed over.
    public static Map<String, TopicSchema> fold(Map<String, TopicSchema> state, String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return state;
        }
        Map<String, TopicSchema> next = new HashMap<>(state);
        if (value == null) {
            next.remove(key.substring(PREFIX.length()));
        } else {
            next.put(key.substring(PREFIX.length()), SchemaJson.read(value));
        }
        return Map.copyOf(next);
    }

    /// The schema as it is known here, without asking the log.
    public Optional<TopicSchema> find(TopicName topic, String topicId) {
        return Optional.ofNullable(journal.state().get(topic.value()))
                .filter(schema -> schema.topicId().equals(topicId));
    }

    /// The schema to use now: pinned at the first use, looked at again each time that the topic has doubled, since
    /// later records may have more members. Blocks when a sample is due.
    ///
    /// @param endOffsets sum of the partitions' end offsets
    /// @param sample reads values, without tombstones
    public TopicSchema current(TopicName topic, String topicId, long endOffsets, Supplier<List<byte[]>> sample) {
        TopicSchema pinned = find(topic, topicId).orElse(null);
        if (pinned != null && !isDue(pinned, endOffsets)) {
            return pinned;
        }
        List<byte[]> values = sample.get();
        return journal.write(state -> {
            TopicSchema known = state.get(topic.value());
            TopicSchema next;
            if (known == null || !known.topicId().equals(topicId)) {
                next = SchemaInference.infer(topicId, values, endOffsets);
            } else if (isDue(known, endOffsets)) {
                next = SchemaGrowth.grow(known, values, endOffsets);
            } else {
                return new Decision<>(List.of(), known);
            }
            if (next.values() == TopicSchema.Values.UNKNOWN) {
                return new Decision<>(List.of(), next);
            }
            return new Decision<>(List.of(new Entry(PREFIX + topic, SchemaJson.write(next))), next);
        });
    }

    private static boolean isDue(TopicSchema schema, long endOffsets) {
        return endOffsets > 2 * schema.seenUpTo();
    }
}
