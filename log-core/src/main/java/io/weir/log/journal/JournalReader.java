package io.weir.log.journal;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one journal's topic from its beginning, committed entries only, and applies them in order on its own
/// daemon thread. The only place where the state changes.
final class JournalReader<S> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 500;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final TopicPartition partition;
    private final S empty;
    private final Fold<S> fold;
    private final JournalProgress progress;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;

    /// Written by the reader's thread alone.
    private volatile S state;

    JournalReader(TopicPartition partition, LogConnection connection, S empty, Fold<S> fold, JournalFault fault) {
        this.partition = partition;
        this.empty = empty;
        this.state = empty;
        this.fold = fold;
        this.progress = new JournalProgress(fault);
        this.consumer = consumer(partition, connection);
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("weir-journal-" + partition.topic())
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    S state() {
        return state;
    }

    JournalProgress progress() {
        return progress;
    }

    @Override
    public void close() {
        progress.close();
        consumer.wakeup();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();
            return;
        }
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!progress.isClosed()) {
                step();
            }
        } catch (WakeupException e) {
            LOG.debug("Journal reading was woken up to end topic={}", partition.topic());
        } catch (RuntimeException e) {
            if (!progress.isClosed()) {
                LOG.error("Journal cannot go on topic={} next={}", partition.topic(), progress.nextOffset(), e);
                progress.broke(e);
            }
        }
    }

    private void step() {
        try {
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<String, byte[]> entry : records.records(partition)) {
                apply(entry);
            }
            progress.reached(consumer.position(partition, POLL));
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("Journal topic was replaced, reading it again from its beginning topic={}", partition.topic());
            state = empty;
            progress.startedAgain();
            consumer.seekToBeginning(List.of(partition));
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.info("Journal could not be read, trying again topic={} cause={}", partition.topic(), e.toString());
            progress.failed(e);
            pause();
        }
    }

    /// An entry that the fold refuses must not look like a failure of the log, which would be tried again.
    private void apply(ConsumerRecord<String, byte[]> entry) {
        if (entry.key() != null) {
            try {
                state = fold.apply(state, entry.key(), entry.value());
            } catch (KafkaException e) {
                throw new IllegalStateException("Entry '" + entry.key() + "' was not applied.", e);
            }
        }
        progress.applied(entry.offset());
    }

    private void pause() {
        try {
            progress.pause(PAUSE_AFTER_FAILURE_MILLIS, Deadline.after(Time.SYSTEM, CLOSE));
        } catch (WeirException e) {
            LOG.debug("Journal was closed while waiting topic={}", partition.topic());
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(TopicPartition partition, LogConnection connection) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "weir-journal-" + partition.topic() + "-reader");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
