package io.weir.tiered.wiring;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Which node commits: the one that owns partition 0 of `__weir_catalog` in the group
/// `__weir-catalog-writer`. It only saves double work; two that both believe to be it do no harm. One thread;
/// `wakeUp` by any.
final class CatalogWriterElection implements AutoCloseable {
    private static final String TOPIC = "__weir_catalog";
    private static final TopicPartition SEAT = new TopicPartition(TOPIC, 0);

    /// A pass over many tables may take long; afterwards another node would be asked.
    private static final Duration LONGEST_PASS = Duration.ofMinutes(10);

    /// How long a node that was killed keeps the seat, from its own next start too.
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration HEARTBEAT = Duration.ofSeconds(3);

    /// A join that waits for a killed member cannot be answered before that one's session ends; leaving does not
    /// wait for it.
    private static final Duration LEAVE_WITHIN = Duration.ofSeconds(1);

    private final KafkaConsumer<byte[], byte[]> consumer;

    CatalogWriterElection(Map<String, Object> clientProperties) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "weir-catalog-writer");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "__weir-catalog-writer");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis());
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) LONGEST_PASS.toMillis());
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(TOPIC));
    }

    /// Takes part for as long, then says whether this node is it.
    boolean isElected(Duration patience) {
        try {
            // the records themselves are the journal's: nothing is fetched
            consumer.pause(consumer.assignment());
            consumer.poll(patience);
        } catch (WakeupException e) {
            return false;
        }
        return consumer.assignment().contains(SEAT);
    }

    /// Ends a wait.
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(LEAVE_WITHIN));
    }
}
