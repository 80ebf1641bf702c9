package io.weir.tiered.archive;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/// What the plugin counts since the process began. One per process: Kafka makes the plugin by reflection, so the
/// numbers are found here by whoever publishes them. Safe for use by any thread.
public final class ArchiveMetrics {
    /// The numbers of this process.
    public static final ArchiveMetrics PROCESS = new ArchiveMetrics();

    final LongAdder shapes = new LongAdder();
    final LongAdder schemaFailures = new LongAdder();
    final LongAdder copyNanos = new LongAdder();
    final LongAdder encodeCpuNanos = new LongAdder();
    final LongAdder copiesRetried = new LongAdder();
    final LongAdder corruptions = new LongAdder();
    final LongAdder coldBatches = new LongAdder();
    final LongAdder cacheHits = new LongAdder();
    final LongAdder cacheMisses = new LongAdder();
    private final Map<String, LongAdder> verbatimByReason = new ConcurrentHashMap<>();
    private final Map<String, TopicNumbers> byTopic = new ConcurrentHashMap<>();
    private final FailingCopies failingCopies = new FailingCopies();
    private volatile LongConsumer coldReads = nanos -> {};

    ArchiveMetrics() {}

    void verbatim(String reason) {
        verbatimByReason.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }

    /// Counters by metric name without the prefix `weir_tier_`.
    public Map<String, Long> counters() {
        Map<String, Long> values = new TreeMap<>();
        values.put("shapes", shapes.sum());
        values.put("schema_failures", schemaFailures.sum());
        values.put("copy_nanos", copyNanos.sum());
        values.put("encode_cpu_nanos", encodeCpuNanos.sum());
        values.put("copy_retriable", copiesRetried.sum());
        values.put("corruption", corruptions.sum());
        values.put("cold_batches", coldBatches.sum());
        values.put("cache_hits", cacheHits.sum());
        values.put("cache_misses", cacheMisses.sum());
        return values;
    }

    /// The numbers of one topic, made at their first use.
    TopicNumbers topic(String topic) {
        return byTopic.computeIfAbsent(topic, unused -> new TopicNumbers());
    }

    /// By topic: those of which this process has copied something.
    public Map<String, TopicNumbers> byTopic() {
        return new TreeMap<>(byTopic);
    }

    /// Who is told how long each fetch of archived batches took, in nanoseconds. One at a time.
    public void onColdRead(LongConsumer listener) {
        coldReads = listener;
    }

    void coldRead(long nanos) {
        coldReads.accept(nanos);
    }

    /// The partitions that cannot be copied now.
    public FailingCopies failingCopies() {
        return failingCopies;
    }

    /// Batches kept verbatim, by reason.
    public Map<String, Long> verbatimBatches() {
        Map<String, Long> values = new TreeMap<>();
        verbatimByReason.forEach((reason, count) -> values.put(reason, count.sum()));
        return values;
    }
}
