package io.weir.log.read;

import io.weir.log.cluster.LogConnection;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Makes the consumers of reads: assigned, never in a group, never committing.
final class Consumers {
    /// Bounds what one fetch brings into memory; a single larger record still comes.
    private static final int FETCH_BYTES = 4 << 20;

    private static final int PARTITION_BYTES = 1 << 20;
    private static final int LONGEST_FETCH_WAIT_MILLIS = 250;

    private final LogConnection connection;

    Consumers(LogConnection connection) {
        this.connection = connection;
    }

    Consumer<byte[], byte[]> open(Isolation isolation, int recordsPerPoll) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "weir-read");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.level().toString());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, recordsPerPoll);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_BYTES);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_FETCH_WAIT_MILLIS);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
