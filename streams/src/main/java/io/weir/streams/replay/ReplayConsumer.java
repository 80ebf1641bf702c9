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
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/// A consumer that delivers the records of a job's sources in the order, at the pace and up to the place that its
/// [ReplayControl] says. Group membership, heartbeats, fetching, commits and fencing are the delegate's.
///
/// What is fetched too early is held here. `delivered < position < held < delegate's position`: to its caller the
/// consumer is where it has delivered. Two sets of paused partitions never mix: the caller's, and those that have
/// enough held.
///
/// Like every Kafka consumer it is used by one thread at a time; several of one version share the control.
public final class ReplayConsumer implements Consumer<byte[], byte[]> {
    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration SOON = Duration.ofMillis(20);

    private final Consumer<byte[], byte[]> delegate;
    private final ReplayControl control;
    private final Function<String, RecordTime> times;
    private final Map<TopicPartition, HeldRecords> held = new HashMap<>();
    private final Set<TopicPartition> pausedByCaller = new HashSet<>();

    /// Whether the throttle let nothing pass at the last poll.
    private boolean starved;

    /// @param delegate owned by this consumer and closed with it
    /// @param times how to tell the event time of a topic's records
    public ReplayConsumer(
            Consumer<byte[], byte[]> delegate, ReplayControl control, Function<String, RecordTime> times) {
        this.delegate = delegate;
        this.control = control;
        this.times = times;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (!control.managing() && nothingHeld()) {
            return delegate.poll(timeout);
        }
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
            return waiting && timeout.compareTo(SOON) > 0 ? SOON : timeout;
        }
        return Duration.ZERO;
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
                long notBefore = control.isTable(partition) ? -1 : control.notBeforeMillis();
                held(partition).add(fetched.records(partition), notBefore);
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
            boolean enough = held(partition).enough()
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
        return held.computeIfAbsent(partition, unknown -> new HeldRecords(times.apply(partition.topic())));
    }

    private boolean nothingHeld() {
        return held.values().stream().allMatch(HeldRecords::isEmpty);
    }

    private void drop(Collection<TopicPartition> partitions) {
        partitions.forEach(held::remove);
        pausedByCaller.removeAll(partitions);
        control.lost(partitions);
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
                .filter(partition ->
                        !held.containsKey(partition) || !held(partition).enough())
                .toList();
        delegate.resume(mayGoOn);
    }

    @Override
    public Set<TopicPartition> paused() {
        return Set.copyOf(pausedByCaller);
    }

    @Override
    public long position(TopicPartition partition) {
        HeldRecords waiting = held.get(partition);
        return waiting == null || waiting.isEmpty() ? delegate.position(partition) : waiting.firstOffset();
    }

    @Override
    public long position(TopicPartition partition, Duration timeout) {
        HeldRecords waiting = held.get(partition);
        return waiting == null || waiting.isEmpty() ? delegate.position(partition, timeout) : waiting.firstOffset();
    }

    /// What is held back because it is too early counts as not there: everything delivered is earlier, so nobody has
    /// to wait for it.
    @Override
    public OptionalLong currentLag(TopicPartition partition) {
        HeldRecords waiting = held.get(partition);
        if (waiting == null || waiting.isEmpty()) {
            return stands(partition) ? OptionalLong.of(0) : delegate.currentLag(partition);
        }
        boolean later = waiting.firstOffset() >= control.stopOf(partition)
                || !control.limits().allow(control.isTable(partition), waiting.firstMillis());
        return OptionalLong.of(
                later ? 0 : waiting.size() + delegate.currentLag(partition).orElse(0));
    }

    private boolean stands(TopicPartition partition) {
        if (!control.managing() || !control.isSource(partition)) {
            return false;
        }
        long stop = control.stopOf(partition);
        return stop == 0 || (stop < Long.MAX_VALUE && delegate.position(partition) >= stop);
    }

    @Override
    public void seek(TopicPartition partition, long offset) {
        held.remove(partition);
        delegate.seek(partition, offset);
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata position) {
        held.remove(partition);
        delegate.seek(partition, position);
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
        partitions.forEach(held::remove);
        delegate.seekToBeginning(partitions);
    }

    @Override
    public void seekToEnd(Collection<TopicPartition> partitions) {
        partitions.forEach(held::remove);
        delegate.seekToEnd(partitions);
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
    public void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        throw byPattern();
    }

    @Override
    public void subscribe(Pattern pattern) {
        throw byPattern();
    }

    @Override
    public void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
        throw byPattern();
    }

    @Override
    public void subscribe(SubscriptionPattern pattern) {
        throw byPattern();
    }

    /// The order over all sources needs to know what all sources are.
    private static UnsupportedOperationException byPattern() {
        return new UnsupportedOperationException("Replay: sources must be named, got a pattern. List the topics.");
    }

    @Override
    public void assign(Collection<TopicPartition> partitions) {
        List<TopicPartition> gone = held.keySet().stream()
                .filter(partition -> !partitions.contains(partition))
                .toList();
        drop(gone);
        delegate.assign(partitions);
    }

    @Override
    public void unsubscribe() {
        drop(List.copyOf(delegate.assignment()));
        held.clear();
        delegate.unsubscribe();
    }

    @Override
    public void close() {
        drop(List.copyOf(held.keySet()));
        delegate.close();
    }

    @Override
    @Deprecated
    public void close(Duration timeout) {
        drop(List.copyOf(held.keySet()));
        delegate.close(CloseOptions.timeout(timeout));
    }

    @Override
    public void close(CloseOptions options) {
        drop(List.copyOf(held.keySet()));
        delegate.close(options);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return delegate.assignment();
    }

    @Override
    public Set<String> subscription() {
        return delegate.subscription();
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
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        delegate.commitSync(offsets);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        delegate.commitSync(offsets, timeout);
    }

    @Override
    public void commitAsync() {
        delegate.commitAsync(positions(), null);
    }

    @Override
    public void commitAsync(OffsetCommitCallback callback) {
        delegate.commitAsync(positions(), callback);
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        delegate.commitAsync(offsets, callback);
    }

    /// Where the caller is, not where the delegate is.
    private Map<TopicPartition, OffsetAndMetadata> positions() {
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        delegate.assignment()
                .forEach(partition -> positions.put(partition, new OffsetAndMetadata(position(partition))));
        return positions;
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        delegate.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        delegate.unregisterMetricFromSubscription(metric);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return delegate.committed(partitions);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions, Duration timeout) {
        return delegate.committed(partitions, timeout);
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return delegate.clientInstanceId(timeout);
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return delegate.metrics();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return delegate.partitionsFor(topic);
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        return delegate.partitionsFor(topic, timeout);
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        return delegate.listTopics();
    }

    @Override
    public Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        return delegate.listTopics(timeout);
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
        return delegate.offsetsForTimes(times);
    }

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times, Duration timeout) {
        return delegate.offsetsForTimes(times, timeout);
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
        return delegate.beginningOffsets(partitions);
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return delegate.beginningOffsets(partitions, timeout);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return delegate.endOffsets(partitions);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions, Duration timeout) {
        return delegate.endOffsets(partitions, timeout);
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return delegate.groupMetadata();
    }

    @Override
    public void enforceRebalance() {
        delegate.enforceRebalance();
    }

    @Override
    public void enforceRebalance(String reason) {
        delegate.enforceRebalance(reason);
    }

    @Override
    public void wakeup() {
        delegate.wakeup();
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
