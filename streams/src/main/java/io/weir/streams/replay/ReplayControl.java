package io.weir.streams.replay;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What the consumers of one running version share: how far each partition of the sources is in event time,
/// how far
/// it may go, and what somebody wants of all of them at once. Thread-safe.
///
/// With `slowest` = the least time that some stream partition has still to give:
///
/// ```
/// a table's row   passes if time <= slowest
/// a stream's row  passes if time <= slowest + maxDrift  and  time < every table's next row
/// ```
///
/// So a table's row comes after every earlier row of a stream and before every later one. A partition that is
/// at its
/// end holds nobody back; one that nobody has read yet holds back all.
public final class ReplayControl {
    private static final long END_OF_TIME = Long.MAX_VALUE;

    private final @Nullable ReplaySettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<TopicPartition, Mark> marks = new HashMap<>();
    private final TokenBucket tokens;
    private final Clock clock;
    private final LongAdder coldRecords = new LongAdder();
    private final LongAdder foldedRecords = new LongAdder();
    private final LongAdder hotRecords = new LongAdder();
    private Set<String> tables = Set.of();
    private boolean paused;
    private boolean holding;
    private Map<TopicPartition, Long> barrier = Map.of();
    private long wishes;
    private long fastestMillis = RecordTime.NONE;
    private long throttledMillis;

    /// When the throttle last let nothing pass; -1 when it let something pass since.
    private long throttledSince = -1;

    /// True while every poll has to ask; false lets a live version poll its broker directly.
    private volatile boolean managing;

    /// What is known of one partition.
    private static final class Mark {
        /// The time of the next record, or a lower bound of it; [#END_OF_TIME] at its end.
        long nextMillis = RecordTime.NONE;

        /// Next offset to be delivered, -1 before the first poll.
        long position = -1;

        /// The offset behind the last record that was delivered, -1 before the first.
        long delivered = -1;

        boolean owned;
        boolean reachedEnd;

        /// Whether it is read from the archive just now.
        boolean cold;

        /// Whether what was read of it last was folded.
        boolean folded;

        /// The wish that the owner knew at its last poll.
        long wish = -1;
    }

    /// @param settings null for a version that only follows its sources
    public ReplayControl(@Nullable ReplaySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.tokens = new TokenBucket(clock, settings == null ? 0 : settings.rate());
        this.paused = settings != null && settings.paused();
        this.managing = settings != null;
    }

    /// Says what the sources are; called once, before the first poll.
    ///
    /// @param partitions of streams and tables
    /// @param tableTopics those topics that are read as tables
    public void sources(Collection<TopicPartition> partitions, Set<String> tableTopics) {
        locked(() -> {
            tables = Set.copyOf(tableTopics);
            partitions.forEach(partition -> marks.put(partition, new Mark()));
        });
    }

    /// Changes throttle and pause while it runs.
    public void tune(long rate, boolean nowPaused) {
        locked(() -> {
            paused = nowPaused;
            tokens.rate(rate);
        });
    }

    /// Lets every source stand still where it is.
    public void hold() {
        hold(Map.of());
    }

    /// Lets every source go on to an offset and stand still there.
    ///
    /// @param vector offset by partition; a partition that is missing stands still where it is
    public void hold(Map<TopicPartition, Long> vector) {
        locked(() -> {
            if (holding && barrier.equals(vector)) {
                return;
            }
            holding = true;
            barrier = Map.copyOf(vector);
            wishes++;
            managing = true;
        });
    }

    /// Lets all sources go on.
    public void release() {
        locked(() -> {
            if (holding) {
                holding = false;
                barrier = Map.of();
                wishes++;
            }
        });
    }

    /// Where the sources stand, of all partitions that are read in this process; empty while one of them has
    /// not yet
    /// heard of the hold.
    public Map<TopicPartition, Long> standing() {
        lock.lock();
        try {
            Map<TopicPartition, Long> positions = new HashMap<>();
            for (Map.Entry<TopicPartition, Mark> entry : marks.entrySet()) {
                Mark mark = entry.getValue();
                if (mark.owned) {
                    if (mark.wish != wishes) {
                        return Map.of();
                    }
                    positions.put(entry.getKey(), mark.position);
                }
            }
            return holding ? positions : Map.of();
        } finally {
            lock.unlock();
        }
    }

    /// Whether this process reads the first partition of the sources: of all processes that run the version,
    /// one does.
    public boolean leads() {
        lock.lock();
        try {
            return marks.entrySet().stream()
                    .min(Comparator.comparing(entry -> entry.getKey().toString()))
                    .map(first -> first.getValue().owned)
                    .orElse(true);
        } finally {
            lock.unlock();
        }
    }

    /// Whether every partition is read here and stands at the end of history, or where it shall stop.
    public boolean historyRead() {
        lock.lock();
        try {
            return settings != null
                    && !marks.isEmpty()
                    && marks.entrySet().stream()
                            .allMatch(entry -> entry.getValue().position
                                    >= Math.min(endOf(entry.getKey()), stopOf(entry.getKey())));
        } finally {
            lock.unlock();
        }
    }

    /// Whether every partition was, after history, once at the very end of its topic, or is where it shall
    /// stop.
    public boolean caughtUp() {
        lock.lock();
        try {
            return settings != null
                    && !marks.isEmpty()
                    && marks.values().stream().allMatch(mark -> mark.owned && mark.reachedEnd);
        } finally {
            lock.unlock();
        }
    }

    public ReplayProgress progress() {
        ReplaySettings present = settings;
        if (present == null) {
            return ReplayProgress.NONE;
        }
        lock.lock();
        try {
            long done = 0;
            long total = 0;
            List<ReplayProgress.Part> parts = new ArrayList<>();
            for (Map.Entry<TopicPartition, Mark> entry : marks.entrySet()) {
                TopicPartition partition = entry.getKey();
                long start = present.start().getOrDefault(partition, 0L);
                long end = Math.min(endOf(partition), present.stop().getOrDefault(partition, Long.MAX_VALUE));
                long next = Math.max(start, entry.getValue().position);
                total += Math.max(0, end - start);
                done += Math.max(0, Math.min(next, end) - start);
                parts.add(new ReplayProgress.Part(
                        partition.topic(),
                        partition.partition(),
                        next,
                        end,
                        entry.getValue().owned,
                        entry.getValue().cold,
                        entry.getValue().folded));
            }
            parts.sort(
                    Comparator.comparing(ReplayProgress.Part::topic).thenComparingInt(ReplayProgress.Part::partition));
            long slowest = slowestStream();
            return new ReplayProgress(
                    done,
                    total,
                    slowest == END_OF_TIME ? RecordTime.NONE : slowest,
                    fastestMillis,
                    coldRecords.sum(),
                    foldedRecords.sum(),
                    hotRecords.sum(),
                    throttledMillis,
                    parts);
        } finally {
            lock.unlock();
        }
    }

    boolean managing() {
        return managing;
    }

    /// Ends the asking, once nothing is held back any more and nobody wants anything.
    void relax() {
        locked(() -> managing = settings != null || holding);
    }

    boolean aligned() {
        return settings != null;
    }

    boolean isSource(TopicPartition partition) {
        lock.lock();
        try {
            return marks.containsKey(partition);
        } finally {
            lock.unlock();
        }
    }

    boolean isTable(TopicPartition partition) {
        return tables.contains(partition.topic());
    }

    /// Records from this event time on are skipped; negative takes all.
    long beforeMillis() {
        return settings == null ? -1 : settings.beforeMillis();
    }

    /// Whether a record of that offset may be delivered at all.
    boolean wants(TopicPartition partition, long offset) {
        return settings == null
                || settings.only().isEmpty()
                || isTable(partition)
                || settings.only().getOrDefault(partition, Set.of()).contains(offset);
    }

    long notBeforeMillis() {
        return settings == null ? -1 : settings.notBeforeMillis();
    }

    /// Where history ends; 0 when there is none to be read.
    long endOf(TopicPartition partition) {
        return settings == null ? 0 : settings.end().getOrDefault(partition, 0L);
    }

    /// The offset from which on nothing is delivered just now.
    long stopOf(TopicPartition partition) {
        lock.lock();
        try {
            long stop = settings == null ? Long.MAX_VALUE : settings.stop().getOrDefault(partition, Long.MAX_VALUE);
            return holding ? Math.min(stop, barrier.getOrDefault(partition, 0L)) : stop;
        } finally {
            lock.unlock();
        }
    }

    /// What the owner of a partition sees of it.
    ///
    /// @param nextMillis time of the next record; or of the newest that was delivered, when the next one is
    ///     not known yet
    void report(TopicPartition partition, long nextMillis, long position) {
        locked(() -> {
            Mark mark = mark(partition);
            mark.owned = true;
            mark.nextMillis = nextMillis;
            mark.position = position;
            mark.wish = wishes;
        });
    }

    /// As [#report], of a partition that has nothing more to give just now.
    void reportEnd(TopicPartition partition, long position) {
        locked(() -> {
            report(partition, END_OF_TIME, position);
            mark(partition).reachedEnd = true;
        });
    }

    /// This process reads the partitions from now on.
    void assigned(Collection<TopicPartition> partitions) {
        locked(() -> partitions.forEach(partition -> {
            Mark mark = marks.get(partition);
            if (mark != null) {
                mark.owned = true;
                mark.wish = -1;
            }
        }));
    }

    /// Somebody else reads the partition from now on.
    void lost(Collection<TopicPartition> partitions) {
        locked(() -> partitions.forEach(partition -> {
            Mark mark = marks.get(partition);
            if (mark != null) {
                mark.owned = false;
                mark.reachedEnd = false;
                mark.nextMillis = RecordTime.NONE;
            }
        }));
    }

    /// Whether a partition is read from the archive from now on.
    void cold(TopicPartition partition, boolean nowCold) {
        locked(() -> {
            Mark mark = marks.get(partition);
            if (mark != null) {
                mark.cold = nowCold;
            }
        });
    }

    /// Records that came from the archive, one by one or folded.
    void countCold(TopicPartition partition, ColdRecords.Part part) {
        (part.folded() > 0 ? foldedRecords : coldRecords)
                .add(Math.max(part.folded(), part.records().size()));
        locked(() -> {
            Mark mark = marks.get(partition);
            if (mark != null) {
                mark.folded = part.folded() > 0;
            }
        });
    }

    /// Records that came from the broker.
    void countHot(int records) {
        hotRecords.add(records);
    }

    long nowMillis() {
        return clock.millis();
    }

    /// Notes the last record that was delivered of a partition.
    void deliveredUpTo(TopicPartition partition, long behind) {
        locked(() -> mark(partition).delivered = behind);
    }

    /// Where the last delivered record of each partition ends, of those that have given any in this process.
    public Map<TopicPartition, Long> delivered() {
        lock.lock();
        try {
            Map<TopicPartition, Long> delivered = new HashMap<>();
            marks.forEach((partition, mark) -> {
                if (mark.delivered >= 0) {
                    delivered.put(partition, mark.delivered);
                }
            });
            return delivered;
        } finally {
            lock.unlock();
        }
    }

    void delivered(long millis) {
        locked(() -> fastestMillis = Math.max(fastestMillis, millis));
    }

    /// How far records may go now.
    Limits limits() {
        lock.lock();
        try {
            ReplaySettings present = settings;
            if (present == null) {
                return Limits.NONE;
            }
            long slowest = slowestStream();
            long table = END_OF_TIME;
            for (Map.Entry<TopicPartition, Mark> entry : marks.entrySet()) {
                if (isTable(entry.getKey())) {
                    table = Math.min(table, entry.getValue().nextMillis);
                }
            }
            if (!present.only().isEmpty()) {
                return table == END_OF_TIME ? Limits.NONE : Limits.TABLES;
            }
            long ahead = slowest == RecordTime.NONE || slowest > END_OF_TIME - present.maxDriftMillis()
                    ? slowest
                    : slowest + present.maxDriftMillis();
            return new Limits(ahead, table, slowest);
        } finally {
            lock.unlock();
        }
    }

    /// Records that may be delivered now, 0 while paused; those not used are given back.
    int take(int wanted) {
        lock.lock();
        try {
            int taken = paused ? 0 : tokens.take(wanted);
            long now = clock.millis();
            throttledMillis += throttledSince < 0 ? 0 : Math.max(0, now - throttledSince);
            throttledSince = taken == 0 ? now : -1;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    void giveBack(int unused) {
        locked(() -> tokens.giveBack(unused));
    }

    private long slowestStream() {
        long slowest = END_OF_TIME;
        for (Map.Entry<TopicPartition, Mark> entry : marks.entrySet()) {
            if (!isTable(entry.getKey())) {
                slowest = Math.min(slowest, entry.getValue().nextMillis);
            }
        }
        return slowest;
    }

    private Mark mark(TopicPartition partition) {
        return marks.computeIfAbsent(partition, unknown -> new Mark());
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    /// @param streamsUpTo streams may give rows up to this time
    /// @param streamsBefore and only before this time
    /// @param tablesUpTo tables may give rows up to this time
    record Limits(long streamsUpTo, long streamsBefore, long tablesUpTo) {
        static final Limits NONE = new Limits(END_OF_TIME, END_OF_TIME, END_OF_TIME);

        /// Streams wait for the tables.
        static final Limits TABLES = new Limits(Long.MIN_VALUE, Long.MIN_VALUE, END_OF_TIME);

        boolean allow(boolean table, long millis) {
            return table
                    ? millis <= tablesUpTo
                    : millis <= streamsUpTo && (millis < streamsBefore || streamsBefore == END_OF_TIME);
        }
    }
}
