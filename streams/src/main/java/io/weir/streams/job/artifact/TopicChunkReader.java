package io.weir.streams.job.artifact;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads chunks with a consumer of its own from the start of the topic to its end: one pass per artifact that
/// this node has not cached yet.
public final class TopicChunkReader implements ChunkReader {
    private static final Duration POLL = Duration.ofMillis(200);

    private final LogConnection connection;
    private final TopicPartition partition;
    private final Clock clock;
    private final Duration deadline;

    /// @param deadline how long one artifact may take, over all
    public TopicChunkReader(LogConnection connection, TopicName topic, Clock clock, Duration deadline) {
        this.connection = connection;
        this.partition = new TopicPartition(topic.value(), 0);
        this.clock = clock;
        this.deadline = deadline;
    }

    @Override
    public void read(Artifact artifact, ChunkSink sink) {
        Map<String, Object> settings = connection.clientProperties();
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("allow.auto.create.topics", false);
        Instant end = clock.instant().plus(deadline);
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long last = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < last) {
                for (ConsumerRecord<String, byte[]> chunk : consumer.poll(POLL)) {
                    pass(artifact, chunk, sink);
                }
                if (clock.instant().isAfter(end)) {
                    throw new WeirException(
                            "artifact-unreadable",
                            Whose.EXTERNAL,
                            "Artifact '" + artifact.sha256() + "': the log did not give its chunks within "
                                    + deadline.toSeconds() + " s.");
                }
            }
        }
    }

    private static void pass(Artifact artifact, ConsumerRecord<String, byte[]> chunk, ChunkSink sink) {
        String prefix = artifact.sha256() + "/";
        if (chunk.key() == null || chunk.value() == null || !chunk.key().startsWith(prefix)) {
            return;
        }
        String index = chunk.key().substring(prefix.length());
        if (index.matches("[0-9]{1,6}")) {
            sink.accept(Integer.parseInt(index), chunk.value());
        }
    }
}
