package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

/// What the error handlers, which Streams makes by reflection, have to know of their job. Travels in the
/// settings.
///
/// @param deadLetters the dead letter topic
/// @param fatal where the record that ended the job is noted
/// @param ownCode whether code of the job runs on the engine itself, so that what it throws is not marked as
///     the job's
/// @param closing only in scenarios: after how much time of the wall clock all open windows are closed
record RunContext(
        String job,
        int version,
        String deadLetters,
        StageCounters counters,
        AtomicReference<@Nullable FatalRecord> fatal,
        boolean ownCode,
        @Nullable Duration closing) {
    /// The setting it travels in.
    static final String SETTING = "weir.job.context";

    RunContext(String job, int version, Plan plan, StageCounters counters) {
        this(job, version, job + ".dlq", counters, new AtomicReference<>(), ownCode(plan), null);
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
