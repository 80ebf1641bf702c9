package io.weir.streams.testing;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.job.RunCounts;
import io.weir.streams.topology.SchemaLookup;
import io.weir.streams.topology.TestableTopology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/// Runs a job in the test's own thread, record by record, on a clock that the test sets. The job is
/// compiled as it is for a node; only the log is missing, so every topic has one partition.
///
/// ```java
/// try (StreamScenario scenario = StreamScenario.of(new Revenue())) {
///     scenario.at("2026-01-01T00:00:05Z").send("clicks", "u-1", new Click("u-1", "click", TEN));
///     scenario.closeWindows();
///     assertThat(scenario.read("revenue", Line.class)).hasSize(1);
/// }
/// ```
///
/// For one thread. Close it: it holds state on disk.
public final class StreamScenario implements AutoCloseable {
    /// Longer than any test runs on the driver's wall clock.
    private static final Duration CLOSING = Duration.ofDays(36_500);

    private final Plan plan;
    private final Path stateDirectory;
    private final VirtualClock clock = new VirtualClock();
    private final TestableTopology topology;
    private final TopologyTestDriver driver;
    private final Map<String, TestInputTopic<byte[], byte[]>> inputs = new HashMap<>();
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();
    private Instant now = Instant.EPOCH;

    private StreamScenario(Plan plan, SchemaLookup schemas) {
        this.plan = plan;
        try {
            this.stateDirectory = Files.createTempDirectory("weir-scenario");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.topology = new TestableTopology(plan, stateDirectory, clock, CLOSING, schemas);
        this.driver = new TopologyTestDriver(topology.topology(), topology.settings(), Instant.EPOCH);
    }

    /// A scenario for a job, named after its class.
    ///
    /// @throws io.weir.streams.dsl.PlanRefused when the job breaks a rule of the language
    public static StreamScenario of(StreamJob job) {
        return of(job, TestableTopology.noRegistry());
    }

    /// A scenario for a job that reads Avro.
    ///
    /// @param schemas by the ids that stand in the values: `Map.of(7, "{...}")` as `id ->
    ///     Optional.ofNullable(map.get(id))`
    public static StreamScenario of(StreamJob job, SchemaLookup schemas) {
        String name = job.getClass().getSimpleName();
        String named = name.isEmpty() || job.getClass().isSynthetic() ? "scenario" : name;
        return new StreamScenario(Plan.of(named, job), schemas);
    }

    /// A scenario for a plan.
    public static StreamScenario of(Plan plan) {
        return new StreamScenario(plan, TestableTopology.noRegistry());
    }

    /// Sets the clock: the timestamp of what is sent next. It may go back, as records do.
    public StreamScenario at(Instant instant) {
        now = instant;
        clock.setAtLeast(instant);
        return this;
    }

    /// Sets the clock.
    ///
    /// @param instant ISO-8601, such as `2026-01-01T00:00:05Z`
    public StreamScenario at(String instant) {
        return at(Instant.parse(instant));
    }

    /// Sends one record.
    ///
    /// @param key of the source's key type, or String or byte[] for exactly these bytes; null for no key
    /// @param value of the source's row type, or String or byte[] for exactly these bytes; null deletes
    public StreamScenario send(String topic, @Nullable Object key, @Nullable Object value) {
        return sendAs(now, topic, key, value);
    }

    /// Sends one record with a timestamp that has nothing to do with the clock, such as one in the far
    /// future.
    public StreamScenario sendAs(Instant timestamp, String topic, @Nullable Object key, @Nullable Object value) {
        if (!plan.sources().contains(topic)) {
            throw new IllegalArgumentException(
                    "Topic '" + topic + "': the job does not read it. It reads " + plan.sources() + ".");
        }
        TestInputTopic<byte[], byte[]> input = inputs.computeIfAbsent(
                topic, name -> driver.createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer()));
        input.pipeInput(new TestRecord<>(topology.write(key), topology.write(value), timestamp));
        return this;
    }

    /// Closes all windows that are open, as if event time had gone on far enough.
    public StreamScenario closeWindows() {
        driver.advanceWallClockTime(CLOSING);
        return this;
    }

    /// What the job has written to a topic since the last call.
    public <V> List<Row<V>> read(String topic, Class<V> type) {
        List<Row<V>> rows = new ArrayList<>();
        for (TestRecord<byte[], byte[]> record : drain(topic)) {
            rows.add(new Row<>(
                    text(record.key()),
                    topology.read(record.value(), type),
                    record.getRecordTime(),
                    headers(record.headers())));
        }
        return rows;
    }

    /// What has come too late for its window since the last call, over all late topics of the job, as JSON.
    public List<Row<String>> late() {
        List<Row<String>> rows = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            String late = stage.late();
            if (late != null) {
                rows.addAll(read(late, String.class));
            }
        }
        return rows;
    }

    /// What went to the dead letter topic since the last call, as text; the headers tell why.
    public List<Row<String>> dlq() {
        List<Row<String>> rows = new ArrayList<>();
        ProducerRecord<byte[], byte[]> letter = topology.deadLetter();
        while (letter != null) {
            rows.add(new Row<>(
                    text(letter.key()),
                    text(letter.value()),
                    Instant.ofEpochMilli(letter.timestamp()),
                    headers(letter.headers())));
            letter = topology.deadLetter();
        }
        return rows;
    }

    /// Rows counted per stage, late rows and dead letters, since the start.
    public RunCounts counts() {
        return topology.counts();
    }

    /// The sum of Kafka Streams' own `dropped-records-total` over all its tasks.
    public long droppedByStreams() {
        return driver.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals("dropped-records-total"))
                .mapToLong(metric -> ((Number) metric.getValue().metricValue()).longValue())
                .sum();
    }

    /// Ends the job and removes its state.
    @Override
    public void close() {
        driver.close();
        try (Stream<Path> files = Files.walk(stateDirectory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<TestRecord<byte[], byte[]>> drain(String topic) {
        return outputs.computeIfAbsent(
                        topic,
                        name -> driver.createOutputTopic(
                                name, new ByteArrayDeserializer(), new ByteArrayDeserializer()))
                .readRecordsToList();
    }

    private static Map<String, String> headers(Headers headers) {
        Map<String, String> texts = new LinkedHashMap<>();
        headers.forEach(header -> texts.put(header.key(), Objects.requireNonNullElse(text(header.value()), "")));
        return texts;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
