package io.weir.log.journal;

import io.weir.log.cluster.LogConnection;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The fenced side of one journal. Used by one thread at a time. Takes over on the first write and again
/// after
/// every failure, never before it is needed: opening a journal disturbs no other writer.
final class JournalWriter<S> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_TRANSACTION = Duration.ofSeconds(60);
    private static final int MOST_DOUBLINGS = 6;
    private static final long SHORTEST_PAUSE_MILLIS = 5;

    private final JournalSettings settings;
    private final LogConnection connection;
    private final JournalTopic topic;
    private final JournalReader<S> reader;
    private final JournalFault fault;
    private @Nullable KafkaProducer<String, byte[]> producer;

    JournalWriter(
            JournalSettings settings,
            LogConnection connection,
            JournalTopic topic,
            JournalReader<S> reader,
            JournalFault fault) {
        this.settings = settings;
        this.connection = connection;
        this.topic = topic;
        this.reader = reader;
        this.fault = fault;
    }

    <R extends @Nullable Object> R write(Function<? super S, Decision<R>> handler, Deadline deadline) {
        Attempt<R> unsettled = new Attempt<>(null, false, null);
        KafkaException lastFailure = null;
        for (int fenced = 0; !deadline.passed(); fenced++) {
            KafkaException failure = takeOver();
            if (failure == null) {
                readToEnd(unsettled, deadline);
                if (unsettled.commitAsked() && reader.progress().watchedApplied()) {
                    return unsettled.result();
                }
                Decision<R> decision = handler.apply(reader.state());
                if (decision.entries().isEmpty()) {
                    return decision.result();
                }
                unsettled = transact(decision, deadline);
                failure = unsettled.failure();
                if (failure == null) {
                    awaitOwnEntries(deadline);
                    return unsettled.result();
                }
            }
            lastFailure = failure;
            abandon();
            refuseHopeless(failure);
            LOG.debug("Journal write starts again topic={} cause={}", settings.topic(), failure.toString());
            reader.progress().pause(pauseMillis(fenced), deadline);
        }
        throw fault.timeout(
                settings.deadline(),
                unsettled.fate() + ": no transaction got through",
                lastFailure == null ? reader.progress().lastProblem() : lastFailure);
    }

    @Override
    public void close() {
        abandon();
    }

    /// What became of one decision.
    ///
    /// @param commitAsked whether the broker may have committed it
    /// @param failure null when the commit was confirmed
    private record Attempt<R extends @Nullable Object>(
            @Nullable Decision<R> decision,
            boolean commitAsked,
            @Nullable KafkaException failure) {
        String fate() {
            return commitAsked ? "the entries may or may not have been written" : "nothing was written";
        }

        R result() {
            return Objects.requireNonNull(decision, "nothing was decided yet").result();
        }
    }

    /// Fences every other writer of this topic and settles what they left open; nothing to do when this one
    /// still believes to be the writer.
    private @Nullable KafkaException takeOver() {
        if (producer != null) {
            return null;
        }
        try {
            KafkaProducer<String, byte[]> fresh =
                    new KafkaProducer<>(producerProperties(), new StringSerializer(), new ByteArraySerializer());
            producer = fresh;
            fresh.initTransactions();
            return null;
        } catch (KafkaException e) {
            return e;
        }
    }

    private void readToEnd(Attempt<?> unsettled, Deadline deadline) {
        if (!reader.progress().awaitApplied(topic.committedEnd(deadline), deadline)) {
            throw fault.timeout(
                    settings.deadline(),
                    unsettled.fate() + ": the topic's end was not reached",
                    reader.progress().lastProblem());
        }
    }

    private <R extends @Nullable Object> Attempt<R> transact(Decision<R> decision, Deadline deadline) {
        KafkaProducer<String, byte[]> current = Objects.requireNonNull(producer);
        boolean commitAsked = false;
        try {
            current.beginTransaction();
            List<Future<RecordMetadata>> sends = new ArrayList<>();
            for (Entry entry : decision.entries()) {
                sends.add(current.send(new ProducerRecord<>(topic.partition().topic(), 0, entry.key(), entry.value())));
            }
            TopicName history = settings.history();
            if (history != null) {
                for (Entry told : decision.history()) {
                    sends.addFirst(current.send(new ProducerRecord<>(history.value(), 0, told.key(), told.value())));
                }
            }
            current.flush();
            long last = -1;
            for (Future<RecordMetadata> send : sends) {
                last = offsetOf(send, deadline);
            }
            if (last < 0) {
                throw new KafkaException("The broker did not say where it wrote the entries.");
            }
            reader.progress().watch(last);
            commitAsked = true;
            current.commitTransaction();
            return new Attempt<>(decision, true, null);
        } catch (KafkaException e) {
            return new Attempt<>(decision, commitAsked, e);
        }
    }

    private static long offsetOf(Future<RecordMetadata> send, Deadline deadline) {
        try {
            return send.get(Math.max(1, deadline.remainingNanos()), TimeUnit.NANOSECONDS)
                    .offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("The broker did not acknowledge the entries.", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void awaitOwnEntries(Deadline deadline) {
        if (!reader.progress().awaitWatched(deadline)) {
            throw fault.timeout(
                    settings.deadline(),
                    "the entries were written, but not applied here",
                    reader.progress().lastProblem());
        }
    }

    /// What no later attempt can mend is told at once.
    private void refuseHopeless(KafkaException failure) {
        if (failure instanceof InterruptException) {
            throw fault.closed();
        }
        if (failure instanceof RecordTooLargeException
                || failure instanceof AuthorizationException
                || failure instanceof AuthenticationException) {
            throw fault.of(failure, "write");
        }
    }

    /// An open transaction needs no abort here: the next one to take over settles it.
    private void abandon() {
        KafkaProducer<String, byte[]> present = producer;
        producer = null;
        if (present != null) {
            present.close(Duration.ZERO);
        }
    }

    /// Doubles with each time this write was fenced, and differs between journals, so that two of them do not
    /// take over from each other in step for ever.
    private long pauseMillis(int fenced) {
        long ceilingMillis = SHORTEST_PAUSE_MILLIS << Math.min(fenced, MOST_DOUBLINGS);
        long share = Math.floorMod(31L * System.identityHashCode(this) + 17L * fenced * fenced, 16L);
        return 1 + ceilingMillis * share / 16;
    }

    private Map<String, Object> producerProperties() {
        Duration step = settings.deadline().dividedBy(2);
        Duration request = step.compareTo(LONGEST_REQUEST) < 0 ? step : LONGEST_REQUEST;
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "weir-journal-" + settings.topic() + "-writer");
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.topic() + "-writer");
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) LONGEST_TRANSACTION.toMillis());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) request.toMillis());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) step.toMillis());
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, step.toMillis());
        return properties;
    }
}
