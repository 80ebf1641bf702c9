package io.weir.streams.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Plan;
import io.weir.streams.job.RunCounts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/// A plan compiled exactly as the runner does it, for a driver that runs it without a log. What
/// `io.weir.streams.testing` stands on; jobs have no use for it.
public final class TestableTopology {
    private final StageCounters counters = new StageCounters();
    private final Properties settings = new Properties();
    private final Topology topology;
    private final Queue<ProducerRecord<byte[], byte[]>> letters = new ConcurrentLinkedQueue<>();
    private final ObjectMapper json = Json.mapper();

    /// @param stateDirectory for the stores; the caller owns it
    /// @param clock tells which event times lie in the future
    /// @param closing after how much time of the driver's wall clock all open windows close
    /// @param schemas of Avro values
    public TestableTopology(Plan plan, Path stateDirectory, Clock clock, Duration closing, SchemaLookup schemas) {
        String deadLetters = plan.job() + ".dlq";
        RunContext context = new RunContext(
                plan.job(),
                1,
                deadLetters,
                counters,
                new AtomicReference<>(),
                RunContext.ownCode(plan),
                Map.of(),
                null,
                new RunContext.Scenario(closing, letters));
        Map<String, Object> given = StreamsSettings.forTest(stateDirectory, context);
        settings.putAll(given);
        topology = PlanCompiler.compile(
                plan, new StreamsConfig(given), Map.of(), clock, counters, new OutputTopics(Map.of()), schemas);
    }

    /// Knows no schema and says how to give it some.
    public static SchemaLookup noRegistry() {
        return AvroRows.NO_REGISTRY;
    }

    public Topology topology() {
        return topology;
    }

    /// The settings to run it with.
    public Properties settings() {
        return settings;
    }

    /// What was counted so far.
    public RunCounts counts() {
        return counters.counts();
    }

    /// The next dead letter, or null.
    public @Nullable ProducerRecord<byte[], byte[]> deadLetter() {
        return letters.poll();
    }

    /// A key or row as it stands in a topic.
    public byte @Nullable [] write(@Nullable Object value) {
        return value == null ? null : new RowFormat(value.getClass(), json).write(value);
    }

    /// Reads a key or row as it stands in a topic.
    public <T> @Nullable T read(byte @Nullable [] bytes, Class<T> type) {
        return type.cast(new RowFormat(type, json).read(bytes));
    }
}
