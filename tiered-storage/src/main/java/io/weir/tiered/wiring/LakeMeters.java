package io.weir.tiered.wiring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.tiered.table.LakeMetrics;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/// The committer's numbers as metrics `weir_lake_*`; zero on nodes that are not elected.
@Singleton
public class LakeMeters implements MeterBinder {
    private final LakeMetrics metrics;

    @Inject
    LakeMeters(RunningLake lake) {
        this.metrics = lake.metrics();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionTimer unusedTimer = FunctionTimer.builder(
                        "weir_lake_commit",
                        metrics,
                        LakeMetrics::commits,
                        LakeMetrics::commitNanos,
                        TimeUnit.NANOSECONDS)
                .description("commits to tables")
                .register(registry);
        Gauge unusedGauge = Gauge.builder("weir_lake_committed_lag_offsets", metrics, LakeMetrics::lagOffsets)
                .description("archived offsets that are not in their tables yet")
                .register(registry);
        FunctionCounter unusedGap = FunctionCounter.builder("weir_lake_gap_offsets", metrics, LakeMetrics::gapOffsets)
                .description("offsets that the log dropped before they were archived")
                .register(registry);
        FunctionCounter unusedCompacted = FunctionCounter.builder(
                        "weir_lake_compacted_files", metrics, LakeMetrics::compactedFiles)
                .description("small data files that became part of larger ones")
                .register(registry);
        Gauge unusedErase = Gauge.builder("weir_lake_erase_pending", metrics, LakeMetrics::erasePending)
                .description("requests to erase that have not come to their end")
                .register(registry);
        FunctionCounter unusedFailures = FunctionCounter.builder(
                        "weir_lake_commit_failures", metrics, LakeMetrics::failures)
                .description("passes over a topic that failed and are tried again")
                .register(registry);
    }
}
