package io.weir.streams.job.life;

import io.weir.log.cluster.LogConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [Turns] by consumer groups: all nodes subscribe to a topic of one partition, and it is the turn of the one
/// that is
/// given it. A node that dies loses it after its session. Nothing is ever read.
final class GroupTurns implements Turns {
    private static final Logger LOG = LoggerFactory.getLogger(GroupTurns.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int SESSION_MILLIS = 10_000;

    private final LogConnection connection;
    private final String topic;

    /// @param topic of one partition, there already
    GroupTurns(LogConnection connection, String topic) {
        this.connection = connection;
        this.topic = topic;
    }

    @Override
    public Turn open(String name) {
        GroupTurn turn = new GroupTurn(name);
        turn.thread.start();
        return turn;
    }

    private final class GroupTurn implements Turn, ConsumerRebalanceListener {
        private final String name;
        private final Thread thread;

        /// Written by the polling thread, and by whoever closes.
        private volatile boolean mine;
        private volatile boolean closed;

        GroupTurn(String name) {
            this.name = name;
            this.thread =
                    Thread.ofPlatform().daemon().name("weir-jobs-turn-" + name).unstarted(this::queue);
        }

        private void queue() {
            Map<String, Object> settings = connection.clientProperties();
            settings.put("group.id", name);
            settings.put("client.id", name);
            settings.put("enable.auto.commit", false);
            settings.put("auto.offset.reset", "latest");
            settings.put("session.timeout.ms", SESSION_MILLIS);
            settings.put("heartbeat.interval.ms", SESSION_MILLIS / 5);
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topic), this);
                while (!closed) {
                    poll(consumer);
                }
                consumer.close(CloseOptions.timeout(POLL));
            } finally {
                mine = false;
            }
        }

        private void poll(KafkaConsumer<byte[], byte[]> consumer) {
            try {
                consumer.pause(consumer.assignment());
                consumer.poll(POLL);
            } catch (KafkaException e) {
                LOG.info("Turn is waiting for the log name={} cause={}", name, e.getMessage());
            }
        }

        @Override
        public boolean isMine() {
            return mine;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            mine = !closed && (mine || !partitions.isEmpty());
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            mine = mine && partitions.isEmpty();
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            mine = false;
        }

        @Override
        public void close() {
            closed = true;
            mine = false;
        }
    }
}
