package io.weir.streams.wiring;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.streams.job.RunCounts;
import io.weir.streams.job.RunState;
import io.weir.streams.job.life.JobSeen;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.LocalRun;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.state.StoreInfo;
import io.weir.streams.replay.RecordTime;
import io.weir.streams.replay.ReplayProgress;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What this node's runners of jobs do, as metrics `weir_job_*`. A series comes with its version and goes
/// with it; a
/// counter begins anew when the version is started anew. Looked at now and then by whoever opened the jobs.
@Singleton
public class JobMeters implements MeterBinder {
    private static final String PREFIX = "weir_job_";
    private static final double MILLIS_PER_SECOND = 1000.0;
    private static final double NANOS_PER_SECOND = 1e9;

    private volatile @Nullable MeterRegistry registry;

    /// What was registered; used by the one thread that looks.
    private final Map<Key, Series> published = new HashMap<>();

    private final Set<Key> seen = new HashSet<>();

    private record Key(String name, Tags tags) {}

    /// One number and its meter.
    private static final class Series {
        private volatile double value;
        private @Nullable Meter meter;

        double value() {
            return value;
        }
    }

    @Override
    public void bindTo(MeterRegistry here) {
        registry = here;
    }

    /// Publishes what has come and drops what has gone.
    void refresh(Jobs jobs) {
        MeterRegistry here = registry;
        if (here == null) {
            return;
        }
        seen.clear();
        for (JobSeen job : jobs.known()) {
            String name = job.job().name().value();
            operations(here, name, job.job());
            job.runs().forEach((version, run) -> {
                Tags tags = Tags.of("job", name, "version", String.valueOf(version));
                run(here, tags, run);
                for (StoreInfo store : jobs.states().sizes(name, version)) {
                    store(here, tags, store);
                }
            });
        }
        published.entrySet().removeIf(entry -> {
            boolean gone = !seen.contains(entry.getKey());
            Meter meter = entry.getValue().meter;
            if (gone && meter != null) {
                here.remove(meter);
            }
            return gone;
        });
    }

    /// The newest promotion or rollback, and the newest comparison, that have come to their end.
    private void operations(MeterRegistry here, String name, Job job) {
        for (Operation operation : job.operations()) {
            if (operation.state() == Operation.Outcome.DONE) {
                Tags tags = Tags.of("job", name, "version", String.valueOf(operation.version()));
                switch (operation.kind()) {
                    case PROMOTE, ROLLBACK ->
                        gauge(
                                here,
                                "pause_seconds",
                                tags,
                                operation.result().path("pauseMillis").asLong() / MILLIS_PER_SECOND);
                    case COMPARE -> gauge(here, "compare_changed", tags, different(operation));
                    case DEPLOY, START, STOP, DELETE, REPLAY, RETIRE, SNAPSHOT, BACKFILL, REDRIVE -> {}
                }
            }
        }
    }

    private static long different(Operation compare) {
        long different = 0;
        for (JsonNode output : compare.result().path("outputs")) {
            different += output.path("changed").asLong()
                    + output.path("missing").asLong()
                    + output.path("extra").asLong();
        }
        return different;
    }

    private void run(MeterRegistry here, Tags tags, LocalRun run) {
        RunCounts counts = run.counts();
        stages(here, "records_in", tags, counts.inByStage());
        stages(here, "records_out", tags, counts.outByStage());
        stages(here, "late", tags, counts.lateByStage());
        stages(here, "late_partial", tags, counts.latePartialByStage());
        counter(here, "dead_letters", tags, counts.deadLetters());
        counter(here, "dropped", tags, run.engine().dropped());
        run.counts()
                .gateMillisByStage()
                .forEach((stage, millis) ->
                        gauge(here, "gate_time_seconds", tags.and("stage", stage), millis / MILLIS_PER_SECOND));
        counter(here, "abort_seconds", tags, run.engine().abortNanos() / NANOS_PER_SECOND);
        counter(here, "commits", tags, run.engine().commits());
        counter(here, "rebalances", tags, run.engine().rebalances());
        gauge(here, "running", tags, run.state() instanceof RunState.Running ? 1 : 0);
        gauge(here, "records_per_second", tags, run.recordsPerSecond());
        gauge(
                here,
                "restore_remaining",
                tags,
                run.state() instanceof RunState.Restoring restoring ? restoring.remaining() : 0);
        run.lagBySource().forEach((topic, lag) -> gauge(here, "lag_records", tags.and("topic", topic), lag));
        replay(here, tags, run.replay());
    }

    private void replay(MeterRegistry here, Tags tags, ReplayProgress replay) {
        if (replay.partitions().isEmpty()) {
            return;
        }
        counter(here, "cold_records", tags, replay.coldRecords());
        counter(here, "folded_records", tags, replay.foldedRecords());
        counter(here, "hot_records", tags, replay.hotRecords());
        counter(here, "throttled_seconds", tags, replay.throttledMillis() / MILLIS_PER_SECOND);
        gauge(here, "replay_remaining", tags, Math.max(0, replay.total() - replay.done()));
        if (replay.slowestMillis() != RecordTime.NONE && replay.fastestMillis() != RecordTime.NONE) {
            double drift = Math.max(0, replay.fastestMillis() - replay.slowestMillis()) / MILLIS_PER_SECOND;
            gauge(here, "replay_drift_seconds", tags, drift);
        }
    }

    private void store(MeterRegistry here, Tags tags, StoreInfo store) {
        if (store.entries() >= 0) {
            Tags ofStore = tags.and("store", store.name());
            gauge(here, "state_entries", ofStore, store.entries());
            gauge(here, "state_bytes", ofStore, store.bytes());
        }
    }

    private void stages(MeterRegistry here, String name, Tags tags, Map<String, Long> byStage) {
        byStage.forEach((stage, count) -> counter(here, name, tags.and("stage", stage), count));
    }

    private void counter(MeterRegistry here, String name, Tags tags, Number value) {
        Series series = series(name, tags, value);
        if (series.meter == null) {
            series.meter = FunctionCounter.builder(PREFIX + name, series, Series::value)
                    .tags(tags)
                    .register(here);
        }
    }

    private void gauge(MeterRegistry here, String name, Tags tags, Number value) {
        Series series = series(name, tags, value);
        if (series.meter == null) {
            series.meter = Gauge.builder(PREFIX + name, series, Series::value)
                    .tags(tags)
                    .register(here);
        }
    }

    private Series series(String name, Tags tags, Number value) {
        Key key = new Key(name, tags);
        seen.add(key);
        Series series = published.computeIfAbsent(key, unknown -> new Series());
        series.value = value.doubleValue();
        return series;
    }
}
