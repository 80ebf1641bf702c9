package io.weir.tiered.wiring;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.tiered.archive.ArchiveMetrics;
import io.weir.tiered.archive.FailingCopies;
import io.weir.tiered.archive.JanitorReport;
import io.weir.tiered.archive.Orphan;
import io.weir.tiered.archive.PartitionLag;
import io.weir.tiered.archive.TopicNumbers;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The archive's numbers as metrics `weir_tier_*`; durations in seconds. What has a topic, partition or reason in
/// its name appears with the first of it: `refresh` looks for new ones.
@Singleton
public class ArchiveMeters implements MeterBinder {
    private static final String PREFIX = "weir_tier_";
    private static final String NANOS = "_nanos";
    private static final double NANOS_PER_SECOND = 1e9;

    private volatile @Nullable Published published;
    private volatile boolean storeAnswers = true;
    private volatile List<Orphan> orphans = List.of();

    /// What a registry was given at its start.
    private record Published(
            MeterRegistry registry,
            MultiGauge failures,
            MultiGauge lagRecords,
            MultiGauge lagBytes,
            MultiGauge lagSeconds) {}

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String name : ArchiveMetrics.PROCESS.counters().keySet()) {
            boolean duration = name.endsWith(NANOS);
            String shown = duration ? name.substring(0, name.length() - NANOS.length()) + "_seconds" : name;
            FunctionCounter unused = FunctionCounter.builder(
                            PREFIX + shown, ArchiveMetrics.PROCESS, metrics -> value(metrics, name, duration))
                    .register(registry);
        }
        Timer coldReads = Timer.builder(PREFIX + "cold_read")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        ArchiveMetrics.PROCESS.onColdRead(nanos -> coldReads.record(nanos, TimeUnit.NANOSECONDS));
        Gauge unusedStore = Gauge.builder(PREFIX + "store_answers", this, meters -> meters.storeAnswers ? 1 : 0)
                .register(registry);
        Gauge unusedOrphans = Gauge.builder(PREFIX + "orphans", this, meters -> meters.orphans.size())
                .register(registry);
        published = new Published(
                registry,
                MultiGauge.builder(PREFIX + "copy_failures").register(registry),
                MultiGauge.builder(PREFIX + "lag_records").register(registry),
                MultiGauge.builder(PREFIX + "lag_bytes").register(registry),
                MultiGauge.builder(PREFIX + "lag_seconds").register(registry));
    }

    private static double value(ArchiveMetrics metrics, String name, boolean duration) {
        double value = metrics.counters().getOrDefault(name, 0L);
        return duration ? value / NANOS_PER_SECOND : value;
    }

    void storeAnswers(boolean answers) {
        storeAnswers = answers;
    }

    void janitor(JanitorReport report) {
        orphans = report.orphans();
    }

    /// Publishes what has come and drops what has gone.
    void refresh(List<PartitionLag> lags, Instant now) {
        Published here = published;
        if (here == null) {
            return;
        }
        ArchiveMetrics.PROCESS.byTopic().forEach((topic, numbers) -> topic(here.registry(), topic, numbers));
        ArchiveMetrics.PROCESS.verbatimBatches().keySet().forEach(reason -> reason(here.registry(), reason));
        here.failures().register(failures(ArchiveMetrics.PROCESS.failingCopies().all(now)), true);
        Map<String, List<PartitionLag>> byTopic = new TreeMap<>();
        lags.forEach(lag -> byTopic.computeIfAbsent(lag.topic(), unused -> new ArrayList<>())
                .add(lag));
        here.lagRecords()
                .register(
                        rows(
                                byTopic,
                                all -> all.stream()
                                        .mapToLong(PartitionLag::records)
                                        .sum()),
                        true);
        here.lagBytes()
                .register(
                        rows(
                                byTopic,
                                all -> all.stream()
                                        .mapToLong(PartitionLag::bytes)
                                        .sum()),
                        true);
        here.lagSeconds().register(rows(byTopic, all -> oldestSeconds(all, now)), true);
    }

    private static double oldestSeconds(List<PartitionLag> lags, Instant now) {
        return lags.stream().mapToLong(lag -> lag.age(now).toMillis()).max().orElse(0) / 1000.0;
    }

    private static List<MultiGauge.Row<?>> rows(
            Map<String, List<PartitionLag>> byTopic, ToDoubleFunction<List<PartitionLag>> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        byTopic.forEach(
                (topic, lags) -> rows.add(MultiGauge.Row.of(Tags.of("topic", topic), value.applyAsDouble(lags))));
        return rows;
    }

    private static List<MultiGauge.Row<?>> failures(List<FailingCopies.FailingCopy> copies) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        copies.forEach(copy -> rows.add(MultiGauge.Row.of(
                Tags.of("topic", copy.topic(), "partition", Integer.toString(copy.partition())), copy.tries())));
        return rows;
    }

    /// Registering again what is there does nothing.
    private static void topic(MeterRegistry registry, String topic, TopicNumbers numbers) {
        counter(registry, "segments_copied", topic, numbers, TopicNumbers::segmentsCopied);
        counter(registry, "bytes_in", topic, numbers, TopicNumbers::bytesIn);
        counter(registry, "bytes_out", topic, numbers, TopicNumbers::bytesOut);
        counter(registry, "records", topic, numbers, TopicNumbers::records);
        counter(registry, "raw_records", topic, numbers, TopicNumbers::rawRecords);
        Gauge unusedRatio = Gauge.builder(PREFIX + "ratio", numbers, TopicNumbers::ratio)
                .tag("topic", topic)
                .register(registry);
        Gauge unusedShare = Gauge.builder(PREFIX + "raw_share", numbers, TopicNumbers::rawShare)
                .tag("topic", topic)
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            String name,
            String topic,
            TopicNumbers numbers,
            ToDoubleFunction<TopicNumbers> value) {
        FunctionCounter unused = FunctionCounter.builder(PREFIX + name, numbers, value)
                .tag("topic", topic)
                .register(registry);
    }

    private static void reason(MeterRegistry registry, String reason) {
        FunctionCounter unused = FunctionCounter.builder(
                        PREFIX + "verbatim_batches",
                        ArchiveMetrics.PROCESS,
                        metrics -> metrics.verbatimBatches().getOrDefault(reason, 0L))
                .tag("reason", reason)
                .register(registry);
    }
}
