package io.weir.streams.topology;

import io.weir.streams.job.RunCounts;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Counts per stage over all threads of a running version. Thread-safe.
final class StageCounters {
    private final Map<String, LongAdder> in = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> out = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> late = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> latePartial = new ConcurrentHashMap<>();
    private final Map<String, LongAccumulator> gates = new ConcurrentHashMap<>();
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

    /// Takes the times of a stage's gates, one per task.
    ///
    /// @param context what the stage finds under [RunContext#SETTING]
    static LongConsumer gateTimes(@Nullable Object context, String stage) {
        return context instanceof RunContext job
                ? job.counters()
                                .gates
                                .computeIfAbsent(stage, name -> new LongAccumulator(Math::max, LateGate.NOTHING_YET))
                        ::accumulate
                : millis -> {};
    }

    RunCounts counts() {
        Map<String, Long> times = new TreeMap<>();
        gates.forEach((stage, time) -> times.put(stage, time.get()));
        times.values().removeIf(time -> time == LateGate.NOTHING_YET);
        return new RunCounts(sums(in), sums(out), sums(late), deadLetters.sum(), sums(latePartial), times);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> adders) {
        Map<String, Long> sums = new TreeMap<>();
        adders.forEach((stage, adder) -> sums.put(stage, adder.sum()));
        return sums;
    }
}
