package io.weir.tiered.wiring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.tiered.archive.ArchiveMetrics;
import jakarta.inject.Singleton;

/// The plugin's counters as metrics `weir_tier_<name>_total`; durations in seconds.
@Singleton
public class ArchiveMeters implements MeterBinder {
    private static final String NANOS = "_nanos";
    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String name : ArchiveMetrics.PROCESS.counters().keySet()) {
            boolean duration = name.endsWith(NANOS);
            String published = duration ? name.substring(0, name.length() - NANOS.length()) + "_seconds" : name;
            FunctionCounter unused = FunctionCounter.builder(
                            "weir_tier_" + published, ArchiveMetrics.PROCESS, metrics -> value(metrics, name, duration))
                    .register(registry);
        }
    }

    private static double value(ArchiveMetrics metrics, String name, boolean duration) {
        double value = metrics.counters().getOrDefault(name, 0L);
        return duration ? value / NANOS_PER_SECOND : value;
    }
}
