package io.weir.tiered.query.schema;

import java.util.List;

/// The pinned columns of a topic, beside the fixed ones that every topic has.
///
/// @param topicId Kafka's id: a topic that was deleted and made again starts anew
/// @param values what the values are
/// @param columns in the order of `SELECT *`; empty unless the values are objects
/// @param nextFieldId for the next column
/// @param seenUpTo sum of the partitions' end offsets at the last sample: tells when to look again
public record TopicSchema(String topicId, Values values, List<Column> columns, int nextFieldId, long seenUpTo) {
    /// First id after the nine fixed columns and the three inside `_headers`.
    public static final int FIRST_FIELD_ID = 13;

    public TopicSchema {
        columns = List.copyOf(columns);
    }

    /// What the values of a topic mostly are.
    public enum Values {
        /// No value was seen yet.
        UNKNOWN,
        /// JSON objects: one column per member.
        OBJECTS,
        /// Anything else: one column `_value` with the text.
        TEXT
    }

    public static TopicSchema unknown(String topicId) {
        return new TopicSchema(topicId, Values.UNKNOWN, List.of(), FIRST_FIELD_ID, 0);
    }

    TopicSchema seenUpTo(long offsets) {
        return new TopicSchema(topicId, values, columns, nextFieldId, offsets);
    }
}
