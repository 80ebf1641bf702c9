package io.weir.connect.worker;

import static io.weir.connect.worker.WorkerOnNode.CLIENT;
import static io.weir.connect.worker.WorkerOnNode.bytes;
import static io.weir.connect.worker.WorkerOnNode.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.connect.library.file.AllowedFolders;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Weir's file connectors on a real node: real flights in, the same flights out, also when the worker
/// restarts half-way.
class FileConnectorsIT {
    private static final int FLIGHTS = Integer.getInteger("weir.test.flights", 60_000);
    private static final Path SHIPPED = Path.of("../deploy/examples/data/flights-2001.ndjson.gz");

    @TempDir
    static Path folder;

    private static WorkerOnNode rig;
    private static Path flights;
    private static List<String> lines;

    @BeforeAll
    static void startNodeAndWorker() throws IOException {
        AllowedFolders.allow(List.of(folder));
        lines = shippedLines();
        flights = folder.resolve("flights.ndjson.gz");
        try (var gzip = new java.util.zip.GZIPOutputStream(Files.newOutputStream(flights), 65536)) {
            for (String line : lines) {
                gzip.write(line.getBytes(StandardCharsets.UTF_8));
                gzip.write('\n');
            }
        }
        rig = WorkerOnNode.start(folder.resolve("data"));
        rig.awaitReady();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void flightsComeInAndGoOutOnceEachAlsoWhenTheWorkerRestartsHalfWay() throws Exception {
        // Given
        createTopic("flights", Map.of("retention.ms", "-1"));
        create(
                "flights-in",
                "'connector.class':'io.weir.connect.library.file.FileSource','path':'" + flights
                        + "','format':'ndjson','topic':'flights','key.field':'origin','timestamp.field':'date',"
                        + "'batch.records':'5000'");
        create(
                "flights-out",
                "'connector.class':'io.weir.connect.library.file.FileSink','topics':'flights','folder':'"
                        + folder.resolve("out") + "','format':'ndjson','records.per.file':'7000'");

        // When the worker goes away as soon as something has arrived
        await().atMost(Duration.ofSeconds(60)).until(() -> position("flights-in") > 0);
        rig.restartWorker();

        // Then
        Duration deadline = Duration.ofSeconds(60 + FLIGHTS / 10_000);
        await().atMost(deadline).until(() -> position("flights-in") == fileBytes());
        List<ConsumerRecord<String, String>> records = read("flights");
        assertThat(records).hasSize(FLIGHTS);
        assertThat(byKey(records)).isEqualTo(linesByOrigin());
        assertThat(records).allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(dateOf(record.value())));

        // and every record has become one row, in the order of its partition
        await().atMost(deadline)
                .untilAsserted(
                        () -> assertThat(rowsOf("out", "flights-").size()).isEqualTo(FLIGHTS));
        assertThat(rowsOf("out", "flights-").stream().collect(Collectors.groupingBy(FileConnectorsIT::originOf)))
                .isEqualTo(linesByOrigin());
    }

    @Test
    void badLinesGoToTheirTopicAndTheGoodOnesOn() throws Exception {
        Path file = Files.writeString(folder.resolve("some.csv"), "id,n\na,1\nb\nc,3\n");
        createTopic("some", Map.of());
        createTopic("some-dead", Map.of());
        create(
                "some-in",
                "'connector.class':'io.weir.connect.library.file.FileSource','path':'" + file
                        + "','format':'csv','topic':'some','key.field':'id','errors.tolerance':'all',"
                        + "'dead.letter.topic':'some-dead','timestamp.constant':'1970-01-01T00:00:00Z'");

        await().atMost(Duration.ofSeconds(60)).until(() -> position("some-in") == Files.size(file));
        assertThat(read("some"))
                .extracting(ConsumerRecord::value)
                .containsExactlyInAnyOrder("{\"id\":\"a\",\"n\":\"1\"}", "{\"id\":\"c\",\"n\":\"3\"}");
        ConsumerRecord<String, String> dead = read("some-dead").getFirst();
        assertThat(dead.value()).isEqualTo("b");
        assertThat(header(dead, "file")).isEqualTo(file.toString());
        assertThat(header(dead, "line")).isEqualTo("3");
        assertThat(header(dead, "reason")).isEqualTo("the row has 1 fields, the header has 2");
    }

    @Test
    void aBadLineFailsTheTaskWhichNamesFileAndLine() throws Exception {
        Path file = Files.writeString(folder.resolve("bad.ndjson"), "{\"a\":1}\n{\"a\":\n");
        createTopic("bad", Map.of());
        create(
                "bad-in",
                "'connector.class':'io.weir.connect.library.file.FileSource','path':'" + file
                        + "','format':'ndjson','topic':'bad'");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(json(rig.api().status("bad-in")).at("/tasks/0/state").asText())
                    .isEqualTo("FAILED");
            assertThat(json(rig.api().status("bad-in")).at("/tasks/0/trace").asText())
                    .contains("File '" + file + "', line 2: ");
        });
        assertThat(read("bad")).hasSize(1);
    }

    @Test
    void aFileOutsideTheAllowedFoldersIsRefusedWhenTheConnectorIsCreated() {
        Reply reply = rig.api()
                .create(
                        CLIENT,
                        bytes("{'name':'outside','config':{'connector.class':'io.weir.connect.library.file.FileSource',"
                                + "'path':'/etc/hosts','format':'lines','topic':'t'}}"));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(json(reply).get("message").asText()).contains("'/etc/hosts'", "weir.connect.files.allowed");
    }

    private static void create(String name, String config) {
        Reply reply = rig.api().create(CLIENT, bytes("{'name':'" + name + "','config':{" + config + "}}"));
        assertThat(reply.status()).as(WorkerOnNode.text(reply)).isEqualTo(201);
    }

    private static void createTopic(String name, Map<String, String> configs) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", rig.connection().bootstrapServers()))) {
            admin.createTopics(Set.of(new NewTopic(name, 4, (short) 1).configs(configs)))
                    .all()
                    .get();
        }
    }

    private static List<String> shippedLines() throws IOException {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(SHIPPED)), StandardCharsets.UTF_8))) {
            return reader.lines().limit(FLIGHTS).toList();
        }
    }

    private static Map<String, List<String>> linesByOrigin() {
        return lines.stream().collect(Collectors.groupingBy(FileConnectorsIT::originOf));
    }

    private static Map<String, List<String>> byKey(List<ConsumerRecord<String, String>> records) {
        return records.stream()
                .collect(Collectors.groupingBy(
                        ConsumerRecord::key, Collectors.mapping(ConsumerRecord::value, Collectors.toList())));
    }

    private static String originOf(String line) {
        int from = line.indexOf("\"origin\":\"") + 10;
        return line.substring(from, line.indexOf('"', from));
    }

    private static long dateOf(String line) {
        return Instant.parse(line.substring(9, 29)).toEpochMilli();
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /// The source's own position: under exactly-once it is committed together with the records in front of
    /// it.
    private static long position(String connector) {
        return json(rig.api().offsets(connector))
                .at("/offsets/0/offset/position")
                .asLong();
    }

    private static long fileBytes() {
        return lines.stream().mapToLong(line -> line.length() + 1L).sum();
    }

    private static List<ConsumerRecord<String, String>> read(String topic) {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    private static KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", rig.connection().bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<TopicPartition> partitions(String topic) {
        return Stream.of(0, 1, 2, 3)
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    private static List<String> rowsOf(String name, String prefix) throws IOException {
        if (!Files.isDirectory(folder.resolve(name))) {
            return List.of();
        }
        List<String> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList()) {
                rows.addAll(Files.readAllLines(file));
            }
        }
        return rows;
    }
}
