package io.weir.streams.job.compare;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// [Corrections] in one transaction of Kafka's, under the transactional id `<job>.corrections`.
public final class TopicCorrections implements Corrections {
    /// Header of a corrected row: the operation that wrote it.
    public static final String HEADER = "weir.correction";

    private static final int TIMEOUT_MILLIS = 300_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Header> headers;
    private boolean committed;

    private TopicCorrections(KafkaProducer<byte[], byte[]> producer, String operation) {
        this.producer = producer;
        this.headers = List.of(new RecordHeader(HEADER, operation.getBytes(StandardCharsets.UTF_8)));
    }

    /// @param client how to reach the log
    public static Opener over(Map<String, Object> client) {
        Map<String, Object> settings = new HashMap<>(client);
        return (job, operation) -> open(settings, job, operation);
    }

    private static Corrections open(Map<String, Object> client, String job, String operation) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("transactional.id", job + ".corrections");
        settings.put("transaction.timeout.ms", TIMEOUT_MILLIS);
        settings.put("linger.ms", 5);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            producer.beginTransaction();
            return new TopicCorrections(producer, operation);
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw unreachable(e);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails when a row did
    public void write(String topic, int partition, byte[] key, byte @Nullable [] value, long timestampMillis) {
        producer.send(new ProducerRecord<>(topic, partition, timestampMillis, key, value, headers));
    }

    @Override
    public void commit() {
        try {
            producer.commitTransaction();
            committed = true;
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    @Override
    public void close() {
        try {
            if (!committed) {
                producer.abortTransaction();
            }
        } catch (KafkaException e) {
            // the broker aborts it after its timeout, or somebody newer has done so
        } finally {
            producer.close(Duration.ofSeconds(5));
        }
    }

    private static WeirException unreachable(KafkaException e) {
        return new WeirException(
                "log-unreachable", Whose.EXTERNAL, "Corrections: could not be written: " + e.getMessage() + ".", e);
    }
}
