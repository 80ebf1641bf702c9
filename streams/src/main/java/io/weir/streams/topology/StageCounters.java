package io.weir.streams.topology;

import io.weir.streams.job.RunCounts;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts per stage over all threads of a running version. Thread-safe.
final class StageCounters {
    private final Map<String, LongAdder> in = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> out = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> late = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> latePartial = new ConcurrentHashMap<>();
    final LongAdder deadLetters = new LongAdder();

    LongAdder in(String stage) {
        return in.computeIfAbsent(stage, name -> new LongAdder());
    }

    LongAdder out(String stage) {
        return out.computeIfAbsent(stage, name -> new LongAdder());
    }

    LongAdder late(String stage) {
        return late.computeIfAbsent(stage, name -> new LongAdder());
    }

    LongAdder latePartial(String stage) {
        return latePartial.computeIfAbsent(stage, name -> new LongAdder());
    }

    RunCounts counts() {
        return new RunCounts(sums(in), sums(out), sums(late), deadLetters.sum(), sums(latePartial));
    }

    private static Map<String, Long> sums(Map<String, LongAdder> adders) {
        Map<String, Long> sums = new TreeMap<>();
        adders.forEach((stage, adder) -> sums.put(stage, adder.sum()));
        return sums;
    }
}
