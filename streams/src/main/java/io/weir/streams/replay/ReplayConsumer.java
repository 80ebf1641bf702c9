package io.weir.streams.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// A consumer that delivers the records of a job's sources in the order, at the pace and up to the place that
/// its
/// [ReplayControl] says. Group membership, heartbeats, fetching, commits and fencing are the delegate's.
///
/// What is fetched too early is held here. `delivered < position < held < delegate's position`: to its caller
/// the
/// consumer is where it has delivered. Two sets of paused partitions never mix: the caller's, and those that
/// have
/// enough held or are read from the archive.
///
/// Like every Kafka consumer it is used by one thread at a time; several of one version share the control.
public final class ReplayConsumer extends ForwardingConsumer {
    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration SOON = Duration.ofMillis(20);

    private final ReplayControl control;
    private final Function<String, RecordTime> times;
    private final Map<TopicPartition, HeldRecords> held = new HashMap<>();
    private final Set<TopicPartition> pausedByCaller = new HashSet<>();

    /// Null when everything comes through the delegate.
    private final @Nullable ColdSide cold;

    /// Whether the throttle let nothing pass at the last poll.
    private boolean starved;

    /// A consumer that reads everything through its delegate.
    ///
    /// @param delegate owned by this consumer and closed with it
    /// @param times how to tell the event time of a topic's records
    public ReplayConsumer(
            Consumer<byte[], byte[]> delegate, ReplayControl control, Function<String, RecordTime> times) {
        this(delegate, control, times, null);
    }

    /// A consumer that reads what is archived from the archive.
    ///
    /// @param source null to read everything through the delegate
    public ReplayConsumer(
            Consumer<byte[], byte[]> delegate,
            ReplayControl control,
            Function<String, RecordTime> times,
            @Nullable ColdSource source) {
        super(delegate);
        this.control = control;
        this.times = times;
        this.cold = source == null ? null : new ColdSide(delegate, control, source);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (!control.managing() && nothingHeld()) {
            return delegate.poll(timeout);
        }
        takeCold();
        pauseWhatIsFull();
        ConsumerRecords<byte[], byte[]> fetched = delegate.poll(patience(timeout));
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> delivered = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        keep(fetched, delivered, next);
        Set<TopicPartition> sources = sources();
        sources.forEach(this::report);
        deliver(sources, delivered, next);
        sources.forEach(this::report);
        pauseWhatIsFull();
        if (nothingHeld()) {
            control.relax();
        }
        return new ConsumerRecords<>(delivered, next);
    }

    /// No time while something can be delivered at once; little while something is held back, because another
    /// consumer of the version may let it go.
    private Duration patience(Duration timeout) {
        if (starved || !deliverable()) {
            boolean waiting = control.aligned() || !nothingHeld();
            Duration most = waiting && timeout.compareTo(SOON) > 0 ? SOON : timeout;
            return awaitCold(most) ? Duration.ZERO : most;
        }
        return Duration.ZERO;
    }

    /// Holds what was read from the archive.
    private void takeCold() {
        ColdSide side = cold;
        if (side != null) {
            Set<TopicPartition> sources = sources();
            side.place(sources);
            sources.forEach(partition -> side.refill(partition, held(partition), notBefore(partition)));
        }
    }

    /// Waits for the archive instead of the broker, while a partition of which nothing is held is read there.
    private boolean awaitCold(Duration most) {
        ColdSide side = cold;
        if (side == null) {
            return false;
        }
        Set<TopicPartition> empty = sources();
        empty.removeIf(partition -> !held(partition).isEmpty());
        if (!side.await(empty, most)) {
            return false;
        }
        empty.forEach(partition -> side.refill(partition, held(partition), notBefore(partition)));
        return true;
    }

    private long notBefore(TopicPartition partition) {
        return control.isTable(partition) ? -1 : control.notBeforeMillis();
    }

    private boolean isWithheld(TopicPartition partition) {
        return cold != null && cold.withholds(partition);
    }

    private boolean deliverable() {
        ReplayControl.Limits limits = control.limits();
        return held.entrySet().stream()
                .anyMatch(entry -> !entry.getValue().isEmpty()
                        && !pausedByCaller.contains(entry.getKey())
                        && entry.getValue().firstOffset() < control.stopOf(entry.getKey())
                        && limits.allow(
                                control.isTable(entry.getKey()),
                                entry.getValue().firstMillis()));
    }

    /// Holds what comes from sources; passes on what comes from the version's own topics.
    private void keep(
            ConsumerRecords<byte[], byte[]> fetched,
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> delivered,
            Map<TopicPartition, OffsetAndMetadata> next) {
        for (TopicPartition partition : fetched.partitions()) {
            if (control.isSource(partition)) {
                control.countHot(fetched.records(partition).size());
                held(partition).add(fetched.records(partition), notBefore(partition));
            } else {
                delivered.put(partition, fetched.records(partition));
            }
        }
        fetched.nextOffsets().forEach((partition, position) -> {
            if (control.isSource(partition)) {
                held(partition).after(position);
            } else {
                next.put(partition, position);
            }
        });
    }

    private void deliver(
            Set<TopicPartition> sources,
            Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> delivered,
            Map<TopicPartition, OffsetAndMetadata> next) {
        ReplayControl.Limits limits = control.limits();
        int allowed = control.take(MOST_AT_ONCE);
        int left = allowed;
        starved = allowed == 0;
        for (TopicPartition partition : sources) {
            HeldRecords waiting = held(partition);
            if (!pausedByCaller.contains(partition)) {
                List<ConsumerRecord<byte[], byte[]>> taken = take(partition, waiting, limits, left);
                left -= taken.size();
                if (!taken.isEmpty()) {
                    delivered.put(partition, taken);
                }
                waiting.tellMove().ifPresent(position -> next.put(partition, position));
            }
        }
        control.giveBack(left);
    }

    private List<ConsumerRecord<byte[], byte[]>> take(
            TopicPartition partition, HeldRecords waiting, ReplayControl.Limits limits, int most) {
        List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
        long stop = control.stopOf(partition);
        boolean table = control.isTable(partition);
        while (taken.size() < most
                && !waiting.isEmpty()
                && waiting.firstOffset() < stop
                && limits.allow(table, waiting.firstMillis())) {
            taken.add(waiting.take());
        }
        if (!taken.isEmpty()) {
            control.delivered(waiting.reachedMillis());
            control.deliveredUpTo(partition, taken.getLast().offset() + 1);
        }
        return taken;
    }

    /// Tells the others how far this partition is.
    private void report(TopicPartition partition) {
        HeldRecords waiting = held(partition);
        long position = position(partition);
        if (position >= control.stopOf(partition)) {
            control.reportEnd(partition, position);
        } else if (!waiting.isEmpty()) {
            control.report(partition, waiting.firstMillis(), position);
        } else if (position < control.endOf(partition)
                || (cold != null && cold.endIsUnknown(partition))
                || delegate.currentLag(partition).orElse(0) > 0) {
            control.report(partition, waiting.reachedMillis(), position);
        } else {
            control.reportEnd(partition, position);
        }
    }

    private void pauseWhatIsFull() {
        Set<TopicPartition> full = new HashSet<>();
        Set<TopicPartition> rest = new HashSet<>();
        for (TopicPartition partition : sources()) {
            boolean enough = isWithheld(partition)
                    || held(partition).enough()
                    || (!held(partition).isEmpty() && held(partition).firstOffset() >= control.stopOf(partition));
            if (enough) {
                full.add(partition);
            } else if (!pausedByCaller.contains(partition)) {
                rest.add(partition);
            }
        }
        delegate.pause(full);
        delegate.resume(rest);
    }

    private Set<TopicPartition> sources() {
        Set<TopicPartition> sources = new HashSet<>(delegate.assignment());
        sources.removeIf(partition -> !control.isSource(partition));
        return sources;
    }

    private HeldRecords held(TopicPartition partition) {
        return held.computeIfAbsent(
                partition,
                unknown -> new HeldRecords(
                        times.apply(partition.topic()),
                        control.beforeMillis(),
                        offset -> control.wants(partition, offset)));
    }

    private boolean nothingHeld() {
        return held.values().stream().allMatch(HeldRecords::isEmpty);
    }

    private void drop(Collection<TopicPartition> partitions) {
        partitions.forEach(held::remove);
        pausedByCaller.removeAll(partitions);
        control.lost(partitions);
        if (cold != null) {
            cold.drop(partitions);
        }
    }

    /// Partitions are read from the delegate's position on, wherever that lies.
    private void begin(Collection<TopicPartition> partitions) {
        ColdSide side = cold;
        if (side != null) {
            List<TopicPartition> sources =
                    partitions.stream().filter(control::isSource).toList();
            side.begin(sources);
            delegate.pause(sources);
        }
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        pausedByCaller.addAll(partitions);
        delegate.pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        pausedByCaller.removeAll(partitions);
        List<TopicPartition> mayGoOn = partitions.stream()
                .filter(partition -> !isWithheld(partition)
                        && (!held.containsKey(partition) || !held(partition).enough()))
                .toList();
        delegate.resume(mayGoOn);
    }

    @Override
    public Set<TopicPartition> paused() {
        return Set.copyOf(pausedByCaller);
    }

    @Override
    public long position(TopicPartition partition) {
        OptionalLong known = knownPosition(partition);
        return known.isPresent() ? known.getAsLong() : delegate.position(partition);
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        OptionalLong known = knownPosition(partition);
        return known.isPresent() ? known.getAsLong() : delegate.position(partition, timeout);
    }

    /// Empty where the delegate's position is ours.
    private OptionalLong knownPosition(TopicPartition partition) {
        HeldRecords waiting = held.get(partition);
        if (waiting != null && !waiting.isEmpty()) {
            return OptionalLong.of(waiting.firstOffset());
        }
        return cold == null ? OptionalLong.empty() : cold.position(partition);
    }

    /// What is held back because it is too early counts as not there: everything delivered is earlier, so
    /// nobody has
    /// to wait for it.
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        HeldRecords waiting = held.get(partition);
        if (waiting == null || waiting.isEmpty()) {
            return stands(partition) ? OptionalLong.of(0) : lagBehindHeld(partition);
        }
        boolean later = waiting.firstOffset() >= control.stopOf(partition)
                || !control.limits().allow(control.isTable(partition), waiting.firstMillis());
        return OptionalLong.of(
                later ? 0 : waiting.size() + lagBehindHeld(partition).orElse(0));
    }

    /// Of what is not held yet. A task must wait for a partition that is still read from the archive.
    private OptionalLong lagBehindHeld(TopicPartition partition) {
        OptionalLong behind = cold == null ? OptionalLong.empty() : cold.position(partition);
        return behind.isPresent()
                ? OptionalLong.of(Math.max(1, control.endOf(partition) - behind.getAsLong()))
                : delegate.currentLag(partition);
    }

    private boolean stands(TopicPartition partition) {
        if (!control.managing() || !control.isSource(partition)) {
            return false;
        }
        long stop = control.stopOf(partition);
        return stop == 0 || (stop < Long.MAX_VALUE && position(partition) >= stop);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        held.remove(partition);
        delegate.seek(partition, offset);
        begin(List.of(partition));
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata position) {
        held.remove(partition);
        delegate.seek(partition, position);
        begin(List.of(partition));
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        partitions.forEach(held::remove);
        delegate.seekToBeginning(partitions);
        begin(partitions);
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        partitions.forEach(held::remove);
        delegate.seekToEnd(partitions);
        begin(partitions);
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        delegate.subscribe(topics, new Dropping(listener));
    }

    @Override
    public void subscribe(Collection<String> topics) {
        delegate.subscribe(topics, new Dropping(new Silent()));
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        List<TopicPartition> gone = held.keySet().stream()
                .filter(partition -> !partitions.contains(partition))
                .toList();
        drop(gone);
        Set<TopicPartition> before = Set.copyOf(delegate.assignment());
        delegate.assign(partitions);
        begin(partitions.stream()
                .filter(partition -> !before.contains(partition))
                .toList());
    }

    @Override
    public void unsubscribe() {
        drop(List.copyOf(delegate.assignment()));
        held.clear();
        delegate.unsubscribe();
    }

    private void leave() {
        drop(List.copyOf(held.keySet()));
        if (cold != null) {
            cold.close();
        }
    }

    @Override
    public void close() {
        leave();
        delegate.close();
    }

    @Override
    @Deprecated
    public void close(Duration timeout) {
        leave();
        delegate.close(CloseOptions.timeout(timeout));
    }

    @Override
    public void close(CloseOptions options) {
        leave();
        delegate.close(options);
    }

    @Override
    public void commitSync() {
        delegate.commitSync(positions());
    }

    @Override
    public void commitSync(Duration timeout) {
        delegate.commitSync(positions(), timeout);
    }

    @Override
    public void commitAsync() {
        delegate.commitAsync(positions(), null);
    }

    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        delegate.commitAsync(positions(), callback);
    }

    /// Where the caller is, not where the delegate is.
    private Map<TopicPartition, OffsetAndMetadata> positions() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        delegate.assignment()
                .forEach(partition -> positions.put(partition, new OffsetAndMetadata(position(partition))));
        return positions;
    }

    /// Forgets what is held of partitions that go.
    private final class Dropping implements ConsumerRebalanceListener {
        private final ConsumerRebalanceListener listener;

        Dropping(ConsumerRebalanceListener listener) {
            this.listener = listener;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            control.assigned(partitions);
            begin(partitions);
            listener.onPartitionsAssigned(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            listener.onPartitionsRevoked(partitions);
            drop(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            listener.onPartitionsLost(partitions);
            drop(partitions);
        }
    }

    private static final class Silent implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // nobody asked
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // nobody asked
        }
    }
}
