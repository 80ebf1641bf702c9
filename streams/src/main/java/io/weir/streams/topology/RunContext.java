package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import io.weir.streams.job.RunSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

/// What the error handlers, which Streams makes by reflection, have to know of their job. Travels in the
/// settings.
///
/// @param deadLetters the dead letter topic
/// @param fatal where the record that ended the job is noted
/// @param ownCode whether code of the job runs on the engine itself, so that what it throws is not marked as
///     the job's
/// @param attempts how often records have failed before, by `topic-partition@offset`
/// @param ending only of a run that comes to an end
/// @param scenario only in a scenario: what differs there
record RunContext(
        String job,
        int version,
        String deadLetters,
        StageCounters counters,
        AtomicReference<@Nullable FatalRecord> fatal,
        boolean ownCode,
        Map<String, Integer> attempts,
        @Nullable Ending ending,
        @Nullable Scenario scenario) {
    /// The setting it travels in.
    static final String SETTING = "weir.job.context";

    RunContext(RunSpec spec, StageCounters counters, @Nullable Ending ending) {
        this(
                spec.job(),
                spec.version(),
                spec.deadLetters(),
                counters,
                new AtomicReference<>(),
                ownCode(spec.plan()),
                spec.end() == null ? Map.of() : spec.end().attempts(),
                ending,
                null);
    }

    /// How a job runs in a test driver.
    ///
    /// @param closing after how much time of the wall clock all open windows are closed
    /// @param letters takes the dead letters: the driver loses those of records that do not bind
    record Scenario(Duration closing, Queue<ProducerRecord<byte[], byte[]>> letters) {}

    /// Only in a scenario: after how much time of the wall clock all open windows are closed.
    @Nullable
    Duration closing() {
        Scenario own = scenario;
        return own == null ? null : own.closing;
    }

    static boolean ownCode(Plan plan) {
        return plan.stages().stream().anyMatch(Stage.Foreign.class::isInstance);
    }

    /// @param stage where it happened
    /// @param position `topic-partition@offset`
    record FatalRecord(String stage, String position, Throwable cause) {}

    /// Notes the record at which the job's code threw an error that ends the job, and gives the error back.
    static Error noted(ProcessingContext context, String stage, Error thrown) {
        if (context.appConfigs().get(SETTING) instanceof RunContext job) {
            String position = context.recordMetadata()
                    .map(at -> at.topic() + "-" + at.partition() + "@" + at.offset())
                    .orElse("");
            job.fatal().compareAndSet(null, new FatalRecord(stage, position, thrown));
        }
        return thrown;
    }
}
