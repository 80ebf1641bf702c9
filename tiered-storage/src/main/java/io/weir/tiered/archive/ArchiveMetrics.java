package io.weir.tiered.archive;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What the plugin counts since the process began. One per process: Kafka makes the plugin by reflection, so the
/// numbers are found here by whoever publishes them. Safe for use by any thread.
public final class ArchiveMetrics {
    /// The numbers of this process.
    public static final ArchiveMetrics PROCESS = new ArchiveMetrics();

    final LongAdder segmentsCopied = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder records = new LongAdder();
    final LongAdder rawRecords = new LongAdder();
    final LongAdder shapes = new LongAdder();
    final LongAdder schemaFailures = new LongAdder();
    final LongAdder copyNanos = new LongAdder();
    final LongAdder copiesRetried = new LongAdder();
    final LongAdder corruptions = new LongAdder();
    final LongAdder coldReads = new LongAdder();
    final LongAdder coldReadNanos = new LongAdder();
    final LongAdder coldBatches = new LongAdder();
    final LongAdder cacheHits = new LongAdder();
    final LongAdder cacheMisses = new LongAdder();
    private final Map<String, LongAdder> verbatimByReason = new ConcurrentHashMap<>();

    ArchiveMetrics() {}

    void verbatim(String reason) {
        verbatimByReason.computeIfAbsent(reason, key -> new LongAdder()).increment();
    }

    /// Counters by metric name without the prefix `weir_tier_`.
    public Map<String, Long> counters() {
        Map<String, Long> values = new TreeMap<>();
        values.put("segments_copied", segmentsCopied.sum());
        values.put("bytes_in", bytesIn.sum());
        values.put("bytes_out", bytesOut.sum());
        values.put("records", records.sum());
        values.put("raw_records", rawRecords.sum());
        values.put("shapes", shapes.sum());
        values.put("schema_failures", schemaFailures.sum());
        values.put("copy_nanos", copyNanos.sum());
        values.put("copy_retriable", copiesRetried.sum());
        values.put("corruption", corruptions.sum());
        values.put("cold_reads", coldReads.sum());
        values.put("cold_read_nanos", coldReadNanos.sum());
        values.put("cold_batches", coldBatches.sum());
        values.put("cache_hits", cacheHits.sum());
        values.put("cache_misses", cacheMisses.sum());
        values.put(
                "verbatim_batches",
                verbatimByReason.values().stream().mapToLong(LongAdder::sum).sum());
        return values;
    }

    /// Batches kept verbatim, by reason.
    public Map<String, Long> verbatimBatches() {
        Map<String, Long> values = new TreeMap<>();
        verbatimByReason.forEach((reason, count) -> values.put(reason, count.sum()));
        return values;
    }
}
