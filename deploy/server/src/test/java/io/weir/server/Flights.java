package io.weir.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

/// Real flights of 2001 in topics `flights` and `airports`, keyed by airport, for the example jobs.
final class Flights {
    static final int PARTITIONS = 3;

    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Flights() {}

    /// @param line as it stands in the topic
    record Flight(String origin, Instant at, long delay, String line) {}

    /// The jar of the examples.
    static Path jar() throws IOException {
        try (Stream<Path> built = Files.list(EXAMPLES.resolve("target"))) {
            return built.filter(file -> file.getFileName().toString().matches("weir-examples-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// The first flights of the file.
    static List<Flight> read(int count) throws IOException {
        List<Flight> flights = new ArrayList<>();
        Path file = EXAMPLES.resolve("data/flights-2001.ndjson.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            while (flights.size() < count) {
                String line = lines.readLine();
                JsonNode flight = JSON.readTree(line);
                flights.add(new Flight(
                        flight.path("origin").asText(),
                        Instant.parse(flight.path("date").asText()),
                        flight.path("delay").asLong(),
                        line));
            }
        }
        return flights;
    }

    /// Creates both topics, and fills the airports of these flights in.
    static void createTopics(String kafka, List<Flight> flights) throws Exception {
        try (Admin admin = Admin.create(client(kafka))) {
            admin.createTopics(List.of(
                            new NewTopic("flights", PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1")),
                            new NewTopic("airports", PARTITIONS, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
        send(
                kafka,
                flights.stream()
                        .map(Flight::origin)
                        .distinct()
                        .map(origin -> new ProducerRecord<>(
                                "airports",
                                null,
                                0L,
                                origin,
                                "{\"iata\":\"" + origin + "\",\"state\":\"in " + origin + "\"}"))
                        .toList());
    }

    static void produce(String kafka, List<Flight> part) throws Exception {
        send(
                kafka,
                part.stream()
                        .map(flight -> new ProducerRecord<>(
                                "flights", null, flight.at().toEpochMilli(), flight.origin(), flight.line()))
                        .toList());
    }

    private static void send(String kafka, List<ProducerRecord<String, String>> records) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        Map<String, Object> oneAtATime = client(kafka);
        oneAtATime.put("max.in.flight.requests.per.connection", 1);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(oneAtATime, new StringSerializer(), new StringSerializer())) {
            for (ProducerRecord<String, String> each : records) {
                sent.add(producer.send(each));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    /// The partition that an airport's records are in.
    static int partition(String origin) {
        return Utils.toPositive(Utils.murmur2(origin.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    /// Settings of a client, to be extended.
    static Map<String, Object> client(String kafka) {
        return new HashMap<>(Map.of("bootstrap.servers", kafka));
    }

    /// What a `read_committed` consumer sees of a topic now.
    static List<ConsumerRecord<String, String>> rows(String kafka, String topic) {
        Map<String, Object> settings = new HashMap<>(client(kafka));
        settings.put("isolation.level", "read_committed");
        List<ConsumerRecord<String, String>> rows = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(rows::add);
            }
        }
        return rows;
    }
}
