package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
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

/// The topics of one test's job.
///
/// @param prefix of their names
record FlightTopics(JobsBroker broker, String prefix) {
    static final int PARTITIONS = 2;

    void create() throws Exception {
        create(PARTITIONS);
    }

    /// @param airportPartitions other than the flights': the job cannot join them
    void create(int airportPartitions) throws Exception {
        broker.admin()
                .createTopics(List.of(
                        new NewTopic(prefix + "-flights", PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1")),
                        new NewTopic(prefix + "-airports", airportPartitions, (short) 1)
                                .configs(Map.of("cleanup.policy", "compact"))))
                .all()
                .get();
        try (KafkaProducer<String, String> producer = producer()) {
            for (String origin : Flight.ORIGINS) {
                producer.send(new ProducerRecord<>(
                                prefix + "-airports", null, 0L, origin, "{\"state\":\"in " + origin + "\"}"))
                        .get();
            }
        }
    }

    void produce(List<Flight> flights) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer()) {
            for (Flight flight : flights) {
                sent.add(send(producer, flight));
            }
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    void put(String topic, int partition, String key, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            producer.send(new ProducerRecord<>(topic, partition, 0L, key, value))
                    .get();
        }
    }

    /// One flight long after all others in each partition, from airports that the table does not know.
    void closeAllWindows() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int wanted = partition;
                String origin = Stream.iterate(0, i -> i + 1)
                        .map(i -> "X" + i)
                        .filter(name -> partition(name) == wanted)
                        .findFirst()
                        .orElseThrow();
                send(producer, new Flight(origin, Flight.JANUARY_2001.plus(Duration.ofDays(30)), 0))
                        .get();
            }
        }
    }

    /// Hours that must be out: their end and the grace of ten minutes are not after the newest flight of
    /// their
    /// partition.
    Map<String, Long> closed(List<Flight> flights, boolean lateOnly) {
        long[] newest = new long[PARTITIONS];
        flights.forEach(flight -> newest[partition(flight.origin())] =
                Math.max(newest[partition(flight.origin())], flight.at().toEpochMilli()));
        Map<String, Long> closed = Flight.perHour(flights, lateOnly);
        closed.keySet()
                .removeIf(name -> Long.parseLong(name.substring(4)) + Flight.HOUR + 600_000
                        > newest[partition(name.substring(0, 3))]);
        return closed;
    }

    static int partition(String origin) {
        return Utils.toPositive(Utils.murmur2(origin.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
    }

    /// The newest committed row of each key: its minutes.
    Map<String, Long> newest(String topic) {
        Map<String, Long> newest = new TreeMap<>();
        for (ConsumerRecord<String, String> row : rows(topic)) {
            String name = row.key().replaceAll(".*\"key\":\"([A-Z0-9]+)\".*", "$1") + " "
                    + (Instant.parse(row.key().replaceAll(".*\"window_start\":\"([^\"]+)\".*", "$1"))
                            .toEpochMilli());
            if (row.value() == null) {
                newest.remove(name);
            } else {
                newest.put(name, Long.parseLong(row.value().replaceAll(".*\"minutes\":(-?[0-9]+).*", "$1")));
            }
        }
        return newest;
    }

    List<ConsumerRecord<String, String>> rows(String topic) {
        Map<String, Object> settings = new HashMap<>(broker.connection().clientProperties());
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
            while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                consumer.poll(Duration.ofMillis(100)).forEach(rows::add);
            }
        }
        return rows;
    }

    /// All committed results once there are that many; more than one per key fails.
    Map<String, String> results(int expected) {
        Map<String, Object> settings = broker.connection().clientProperties();
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        String topic = prefix + "-per-hour";
        Map<String, String> results = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            await().atMost(JobsBroker.PATIENCE)
                    .until(() -> !consumer.partitionsFor(topic).isEmpty());
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(JobsBroker.PATIENCE).untilAsserted(() -> {
                for (ConsumerRecord<String, String> row : consumer.poll(Duration.ofMillis(200))) {
                    String key = row.key().replaceAll(".*\"key\":\"([A-Z]+)\".*", "$1") + " "
                            + (row.timestamp() + 1 - Flight.HOUR);
                    assertThat(results.put(key, row.value()))
                            .as("second row of " + key)
                            .isNull();
                }
                assertThat(results).hasSizeGreaterThanOrEqualTo(expected);
            });
        }
        return results;
    }

    private Future<RecordMetadata> send(KafkaProducer<String, String> producer, Flight flight) {
        return producer.send(new ProducerRecord<>(
                prefix + "-flights",
                null,
                flight.at().toEpochMilli(),
                flight.origin(),
                "{\"origin\":\"" + flight.origin() + "\",\"delay\":" + flight.delay() + "}"));
    }

    private KafkaProducer<String, String> producer() {
        Map<String, Object> properties = broker.connection().clientProperties();
        properties.put("max.in.flight.requests.per.connection", 1);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }
}
