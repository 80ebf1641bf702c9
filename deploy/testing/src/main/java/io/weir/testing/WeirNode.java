package io.weir.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.TierNow;
import io.weir.cli.node.Waiting;
import io.weir.cli.source.ClassesJar;
import io.weir.streams.dsl.StreamJob;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// A running node and what tests do with it most. For everything else there are its addresses: any Kafka client at
/// [#kafka()], and its REST interface at [#http()]. Safe for use by any thread.
public final class WeirNode {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI http;
    private final String kafka;
    private final Path data;
    private final Api api;

    WeirNode(URI http, String kafka, Path data) {
        this.http = http;
        this.kafka = kafka;
        this.data = data;
        this.api = new Api(http);
    }

    /// Base URL of the REST interface.
    public URI http() {
        return http;
    }

    /// `host:port` for Kafka clients.
    public String kafka() {
        return kafka;
    }

    /// The folder of the node, removed when it ends.
    public Path data() {
        return data;
    }

    /// Settings of a Kafka client of this node, to be extended.
    public Map<String, Object> client() {
        return new HashMap<>(Map.of("bootstrap.servers", kafka));
    }

    /// Creates a topic that keeps its records for ever, whatever their time.
    public void createTopic(String topic, int partitions) {
        createTopic(topic, partitions, Map.of("retention.ms", "-1"));
    }

    public void createTopic(String topic, int partitions, Map<String, String> configs) {
        ObjectNode body = Api.JSON.createObjectNode().put("topic_name", topic).put("partitions_count", partitions);
        ArrayNode list = body.putArray("configs");
        configs.forEach((name, value) -> list.addObject().put("name", name).put("value", value));
        api.post(api.clusterPath() + "/topics", body);
    }

    /// Writes one record and waits until it is there.
    ///
    /// @param timestampMillis null for now
    public void send(String topic, @Nullable String key, @Nullable String value, @Nullable Long timestampMillis) {
        send(List.of(new ProducerRecord<>(topic, null, timestampMillis, key, value)));
    }

    /// Writes records in their order and waits until they are there.
    public void send(List<ProducerRecord<String, String>> records) {
        Map<String, Object> settings = client();
        settings.put("max.in.flight.requests.per.connection", 1);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            for (Future<RecordMetadata> each : sent) {
                each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Records could not be written: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while records were written.", e);
        }
    }

    /// All committed records of a topic until now, partition by partition in order.
    public List<ConsumerRecord<String, String>> read(String topic) {
        Map<String, Object> settings = client();
        settings.put("isolation.level", "read_committed");
        settings.put("fetch.max.wait.ms", 50);
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                while (consumer.position(partition) < ends.getOrDefault(partition, 0L)) {
                    consumer.poll(Duration.ofMillis(200)).forEach(records::add);
                }
            }
        }
        return records;
    }

    /// Deploys a job class of the test's class path and waits until it runs. Its module is packed as it is.
    ///
    /// @return the job's name: the class name in kebab case
    public String deploy(Class<? extends StreamJob> job) {
        String name =
                job.getSimpleName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        ObjectNode spec = Api.JSON.createObjectNode().put("job", name).put("class", job.getName());
        try (ClassesJar jar = ClassesJar.of(job)) {
            Path file = jar.file();
            api.postMultipart("/jobs?wait=RUNNING&timeout=60s", "jar", file, "spec", spec);
        }
        return name;
    }

    /// Waits until a job has read all that is in its sources.
    public void awaitCaughtUp(String job) {
        Waiting.until("job '" + job + "' to catch up", PATIENCE, Duration.ofMillis(100), () -> {
            JsonNode lag = api.get("/jobs/" + Api.escape(job)).path("lag");
            boolean behind = lag.isEmpty();
            for (JsonNode source : lag) {
                behind |= source.asLong() != 0;
            }
            return !behind;
        });
    }

    /// Deletes a job with its state; its outputs stay.
    public void delete(String job) {
        api.delete("/jobs/" + Api.escape(job));
    }

    /// Moves a topic into the archive, to its end, and waits until that is done.
    public void tier(String topic) {
        TierNow.run(api, topic, PATIENCE);
    }

    /// The rows that a SELECT gives.
    public JsonNode sql(String select) {
        return api.post("/sql", Api.JSON.createObjectNode().put("sql", select)).path("rows");
    }

    /// GET of any path.
    public JsonNode get(String path) {
        return api.get(path);
    }

    /// POST to any path.
    public JsonNode post(String path, @Nullable Object body) {
        return api.post(path, body);
    }
}
