package io.weir.streams.job.life;

import io.weir.streams.job.registry.JobState.Position;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// Offsets by partition, as the registry writes them (`orders-3`) and as clients do.
final class Vectors {
    private Vectors() {}

    static TopicPartition partition(String name) {
        int dash = name.lastIndexOf('-');
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    }

    static Map<TopicPartition, Long> partitions(Map<String, Long> names) {
        Map<TopicPartition, Long> partitions = new HashMap<>();
        names.forEach((name, offset) -> partitions.put(partition(name), offset));
        return partitions;
    }

    static Map<String, Long> names(Map<TopicPartition, Long> partitions) {
        Map<String, Long> names = new HashMap<>();
        partitions.forEach((partition, offset) -> names.put(partition.toString(), offset));
        return names;
    }

    static Map<String, Position> positions(Map<String, Long> offsets) {
        Map<String, Position> positions = new HashMap<>();
        offsets.forEach((name, offset) -> positions.put(name, new Position(offset, "")));
        return positions;
    }
}
