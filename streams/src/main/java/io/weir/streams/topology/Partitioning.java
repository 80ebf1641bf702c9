package io.weir.streams.topology;

import org.apache.kafka.common.utils.Utils;

/// Where a key belongs: murmur2 of its bytes modulo the number of partitions, as Kafka's own producers do
/// it. Sources, internal topics and outputs all agree on it, so that equal keys meet.
final class Partitioning {
    private Partitioning() {}

    static int partition(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
