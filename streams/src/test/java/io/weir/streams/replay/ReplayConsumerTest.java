package io.weir.streams.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayConsumerTest {
    private static final TopicPartition P0 = new TopicPartition("clicks", 0);
    private static final TopicPartition P1 = new TopicPartition("clicks", 1);
    private static final TopicPartition TABLE = new TopicPartition("users", 0);
    private static final TopicPartition OWN = new TopicPartition("job.v2-keyBy-repartition", 0);
    private static final long DRIFT = 100;

    private final Ticking clock = new Ticking();
    private final FakeLog log = new FakeLog();

    @Test
    void noPartitionRunsAheadOfTheSlowestByMoreThanTheDrift() {
        log.fill(P0, 1_000, 0, 10);
        log.fill(P1, 10, 0, 1_000);
        ReplayControl control = control(settings(Map.of()));
        ReplayConsumer consumer = consumer(control);

        List<ConsumerRecord<byte[], byte[]>> delivered = drain(consumer);

        assertThat(delivered).hasSize(1_010);
        long reached = 0;
        for (ConsumerRecord<byte[], byte[]> record : delivered) {
            reached = Math.max(reached, record.timestamp());
            assertThat(reached - record.timestamp()).isLessThanOrEqualTo(DRIFT);
        }
        assertThat(control.historyRead()).isTrue();
        assertThat(control.caughtUp()).isTrue();
        assertThat(control.progress().percent()).isEqualTo(100.0);
    }

    @Test
    void aTablesRowComesAfterEveryEarlierRowOfAStreamAndBeforeEveryLaterOne() {
        log.fill(P0, 200, 5, 10);
        log.fill(P1, 50, 5, 40);
        log.fill(TABLE, 30, 0, 70);
        ReplayConsumer consumer = consumer(control(settings(Map.of())));

        List<ConsumerRecord<byte[], byte[]>> delivered = drain(consumer);

        assertThat(delivered).hasSize(280);
        long newestRow = -1;
        long newestClick = -1;
        for (ConsumerRecord<byte[], byte[]> record : delivered) {
            if (record.topic().equals("users")) {
                assertThat(newestClick).isLessThan(record.timestamp() + 1);
                newestRow = record.timestamp();
            } else {
                newestClick = Math.max(newestClick, record.timestamp());
                assertThat(record.timestamp()).isGreaterThanOrEqualTo(newestRow);
            }
        }
    }

    @Test
    void whatIsHeldBackIsNeitherBehindThePositionNorLag() {
        log.fill(P0, 10, 0, 1_000);
        log.fill(P1, 1_000, 0, 1);
        ReplayConsumer consumer = consumer(control(settings(Map.of())));

        ConsumerRecords<byte[], byte[]> first = poll(consumer);
        while (first.records(P0).isEmpty()) {
            first = poll(consumer);
        }

        assertThat(first.records(P0)).extracting(ConsumerRecord::offset).containsExactly(0L);
        assertThat(first.nextOffsets().get(P0).offset()).isEqualTo(1);
        assertThat(consumer.position(P0)).isEqualTo(1);
        assertThat(consumer.currentLag(P0)).hasValue(0);
        assertThat(log.consumer.position(P0)).isGreaterThan(1);
    }

    /// The caller pauses, resumes, seeks and loses partitions as it likes: it gets every record once and in order, none
    /// of a partition that it has paused, and its own pauses are the only ones that it sees.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theCallersPausesAndOursNeverMix(long seed) {
        Random random = new Random(seed);
        Map<TopicPartition, Integer> sizes = new HashMap<>();
        for (TopicPartition partition : List.of(P0, P1, TABLE)) {
            int size = 200 + random.nextInt(3_000);
            sizes.put(partition, size);
            log.fill(partition, size, random.nextInt(50), 1 + random.nextInt(200));
        }
        log.fill(OWN, 50, 0, 1);
        ReplayControl control = control(settings(Map.of()));
        ReplayConsumer consumer = consumer(control);
        Map<TopicPartition, List<Long>> delivered = new HashMap<>();
        Set<TopicPartition> paused = new HashSet<>();
        int polls = 0;
        while (!(control.historyRead() && paused.isEmpty() && count(delivered) >= 50 + sum(sizes))) {
            assertThat(polls++).as("polls, seed " + seed).isLessThan(200_000);
            TopicPartition any = List.of(P0, P1, TABLE, OWN).get(random.nextInt(4));
            switch (random.nextInt(20)) {
                case 0 -> {
                    consumer.pause(List.of(any));
                    paused.add(any);
                }
                case 1, 2, 3 -> {
                    consumer.resume(List.copyOf(paused));
                    paused.clear();
                }
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        rebalance(consumer, delivered);
                        paused.clear();
                    }
                }
                default -> {
                    ConsumerRecords<byte[], byte[]> records = poll(consumer);
                    for (TopicPartition partition : records.partitions()) {
                        assertThat(paused).as("seed " + seed).doesNotContain(partition);
                        records.records(partition)
                                .forEach(record -> delivered
                                        .computeIfAbsent(partition, unknown -> new ArrayList<>())
                                        .add(record.offset()));
                    }
                }
            }
            assertThat(consumer.paused()).isEqualTo(paused);
        }
        delivered.forEach((partition, offsets) -> {
            for (int i = 0; i < offsets.size(); i++) {
                assertThat(offsets.get(i)).as(partition + ", seed " + seed).isEqualTo(i);
            }
        });
        assertThat(delivered.get(P0)).hasSize(sizes.get(P0));
    }

    @Test
    void nothingIsDeliveredFromTheStopOnAndTheStopHoldsNobodyBack() {
        log.fill(P0, 100, 0, 10);
        log.fill(P1, 100, 0, 10);
        ReplayControl control = control(settings(Map.of(P0, 20L, P1, 100L, TABLE, 0L)));
        ReplayConsumer consumer = consumer(control);

        List<ConsumerRecord<byte[], byte[]>> delivered = drain(consumer);

        assertThat(delivered).hasSize(120);
        assertThat(consumer.position(P0)).isEqualTo(20);
        assertThat(consumer.currentLag(P0)).hasValue(0);
        assertThat(control.historyRead()).isTrue();
    }

    @Test
    void aVersionThatFollowsItsSourcesStandsStillGoesToTheBarrierAndGoesOn() {
        log.fill(P0, 100, 0, 10);
        log.fill(P1, 100, 0, 10);
        ReplayControl control = control(null);
        ReplayConsumer consumer = consumer(control);
        log.fetchAtMost = 30;
        poll(consumer);
        assertThat(control.standing()).isEmpty();

        control.hold();
        assertThat(poll(consumer)).isEmpty();
        Map<TopicPartition, Long> standing = control.standing();
        assertThat(standing).containsKeys(P0, P1, TABLE);
        assertThat(poll(consumer)).isEmpty();
        assertThat(control.standing()).isEqualTo(standing);

        Map<TopicPartition, Long> barrier = new HashMap<>(standing);
        barrier.computeIfPresent(P0, (partition, offset) -> offset + 7);
        control.hold(barrier);
        assertThat(drain(consumer)).hasSize(7);
        assertThat(control.standing()).isEqualTo(barrier);

        control.release();
        long before = standing.get(P0) + standing.get(P1);
        assertThat(drain(consumer)).hasSize((int) (200 - before - 7));
        assertThat(control.managing()).isFalse();
    }

    @Test
    void theThrottleLetsAsManyRecordsPassAsTheClockAllows() {
        log.fill(P0, 1_000, 0, 1);
        ReplayControl control = control(
                ReplaySettings.of(log.ends(), Duration.ofDays(1).toMillis()).atRate(100));
        ReplayConsumer consumer = consumer(control);
        int delivered = 0;
        for (int i = 0; i < 200; i++) {
            clock.move(10);
            delivered += poll(consumer).count();
        }
        assertThat(delivered).isBetween(150, 200);

        control.tune(0, true);
        assertThat(drain(consumer)).isEmpty();
        assertThat(consumer.currentLag(P0).getAsLong()).isPositive();
        control.tune(0, false);
        assertThat(drain(consumer)).hasSize(1_000 - delivered);
    }

    @Test
    void rowsOfStreamsBeforeTheBeginningAreSkippedAndRowsOfTablesAreNot() {
        log.fill(P0, 100, 0, 10);
        log.fill(TABLE, 10, 0, 10);
        ReplayControl control = control(ReplaySettings.of(log.ends(), DRIFT).notBefore(500));
        ReplayConsumer consumer = consumer(control);

        List<ConsumerRecord<byte[], byte[]>> delivered = drain(consumer);

        assertThat(delivered)
                .filteredOn(record -> record.topic().equals("clicks"))
                .hasSize(50);
        assertThat(delivered)
                .filteredOn(record -> record.topic().equals("users"))
                .hasSize(10);
        assertThat(consumer.position(P0)).isEqualTo(100);
    }

    @Test
    void ofGivenOffsetsNoOtherIsDeliveredAndNoneBeforeTheTablesAreRead() {
        log.fill(P0, 100, 0, 10);
        log.fill(P1, 100, 0, 10);
        log.fill(TABLE, 10, 5_000, 10);
        ReplayConsumer consumer = consumer(control(
                ReplaySettings.of(log.ends(), DRIFT).stoppingAt(log.ends()).only(Map.of(P0, Set.of(7L, 93L)))));

        List<ConsumerRecord<byte[], byte[]>> delivered = drain(consumer);

        assertThat(delivered.subList(0, 10)).allMatch(record -> record.topic().equals("users"));
        assertThat(delivered.subList(10, delivered.size()))
                .extracting(ConsumerRecord::offset)
                .containsExactly(7L, 93L);
        assertThat(consumer.position(P0)).isEqualTo(100);
        assertThat(consumer.position(P1)).isEqualTo(100);
    }

    @Test
    void aVersionThatFollowsItsSourcesPollsThemDirectly() {
        log.fill(P0, 10, 0, 1_000_000);
        ReplayConsumer consumer = consumer(control(null));

        assertThat(poll(consumer).count()).isEqualTo(10);
    }

    @Test
    void sourcesByPatternAreRefused() {
        ReplayConsumer consumer = consumer(control(null));
        assertThatThrownBy(() -> consumer.subscribe(Pattern.compile("c.*"))).hasMessageContaining("List the topics");
    }

    private ReplaySettings settings(Map<TopicPartition, Long> stop) {
        return ReplaySettings.of(log.ends(), DRIFT).stoppingAt(stop);
    }

    private ReplayControl control(ReplaySettings settings) {
        ReplayControl control = new ReplayControl(settings, clock);
        control.sources(List.of(P0, P1, TABLE), Set.of("users"));
        return control;
    }

    private ReplayConsumer consumer(ReplayControl control) {
        ReplayConsumer consumer = new ReplayConsumer(log.consumer, control, topic -> RecordTime.TIMESTAMP);
        consumer.subscribe(List.of("clicks", "users", OWN.topic()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        });
        log.assign(Map.of());
        return consumer;
    }

    /// All partitions are lost and come back where the caller had got to.
    private void rebalance(ReplayConsumer consumer, Map<TopicPartition, List<Long>> delivered) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        delivered.forEach((partition, offsets) -> positions.put(partition, offsets.getLast() + 1));
        consumer.resume(List.of(P0, P1, TABLE, OWN));
        log.consumer.rebalance(List.of());
        log.assign(positions);
    }

    private List<ConsumerRecord<byte[], byte[]>> drain(ReplayConsumer consumer) {
        List<ConsumerRecord<byte[], byte[]>> delivered = new ArrayList<>();
        int silent = 0;
        while (silent < 5) {
            ConsumerRecords<byte[], byte[]> records = poll(consumer);
            silent = records.isEmpty() ? silent + 1 : 0;
            records.forEach(delivered::add);
        }
        return delivered;
    }

    private ConsumerRecords<byte[], byte[]> poll(ReplayConsumer consumer) {
        log.offer();
        return consumer.poll(Duration.ZERO);
    }

    private static int count(Map<TopicPartition, List<Long>> delivered) {
        return delivered.values().stream().mapToInt(List::size).sum();
    }

    private static int sum(Map<TopicPartition, Integer> sizes) {
        return sizes.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static final class Ticking extends Clock {
        private Instant now = Instant.EPOCH;

        void move(long millis) {
            now = now.plusMillis(millis);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /// A log in memory behind Kafka's own fake consumer.
    private static final class FakeLog {
        final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        final Map<TopicPartition, List<Long>> times =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        int fetchAtMost = 100;

        FakeLog() {
            for (TopicPartition partition : List.of(P0, P1, TABLE, OWN)) {
                times.put(partition, new ArrayList<>());
            }
        }

        void fill(TopicPartition partition, int count, long from, long step) {
            for (int i = 0; i < count; i++) {
                times.get(partition).add(from + i * step);
            }
        }

        Map<TopicPartition, Long> ends() {
            Map<TopicPartition, Long> ends = new HashMap<>();
            times.forEach((partition, records) -> ends.put(partition, (long) records.size()));
            return ends;
        }

        void assign(Map<TopicPartition, Long> positions) {
            consumer.rebalance(times.keySet());
            Map<TopicPartition, Long> starts = new HashMap<>();
            times.keySet().forEach(partition -> starts.put(partition, 0L));
            consumer.updateBeginningOffsets(starts);
            consumer.updateEndOffsets(ends());
            times.keySet().forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
        }

        /// Gives the fake consumer the next records of each partition that is not paused.
        void offer() {
            for (Map.Entry<TopicPartition, List<Long>> entry : times.entrySet()) {
                TopicPartition partition = entry.getKey();
                if (!consumer.assignment().contains(partition)
                        || consumer.paused().contains(partition)) {
                    continue;
                }
                long from = consumer.position(partition);
                for (long offset = from; offset < Math.min(entry.getValue().size(), from + fetchAtMost); offset++) {
                    byte[] value = (partition + "@" + offset).getBytes(StandardCharsets.UTF_8);
                    consumer.addRecord(new ConsumerRecord<>(
                            partition.topic(),
                            partition.partition(),
                            offset,
                            entry.getValue().get((int) offset),
                            TimestampType.CREATE_TIME,
                            0,
                            value.length,
                            new byte[0],
                            value,
                            new RecordHeaders(),
                            java.util.Optional.empty()));
                }
            }
        }
    }
}
