package io.weir.tiered.query.child.planted;

import org.apache.kafka.common.KafkaException;

/// Breaks the child's isolation.
public final class ChildReadsKafka {
    Class<?> engine() {
        return KafkaException.class;
    }
}
