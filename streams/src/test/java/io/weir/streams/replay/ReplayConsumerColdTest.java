package io.weir.streams.replay;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A consumer that reads what is archived from the archive and the rest from its delegate: every record once, in
/// order, from one of the two, whatever happens at the place between them.
class ReplayConsumerColdTest {
    private static final TopicPartition P0 = new TopicPartition("clicks", 0);
    private static final TopicPartition P1 = new TopicPartition("clicks", 1);
    private static final List<TopicPartition> ALL = List.of(P0, P1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long DRIFT = 100;

    private final Ticking clock = new Ticking();
    private final Log log = new Log();
    private final Archive archive = new Archive(log);
    private ReplayControl control;
    private ReplayConsumer consumer;

    @AfterEach
    void close() {
        if (consumer != null) {
            consumer.close();
        }
        assertThat(coldThreads()).isEmpty();
    }

    @Test
    void aCutAtEveryOffsetGivesTheSameRecords() {
        log.fill(P0, 30, 10, 3);
        log.fill(P1, 20, 15, 4);
        for (int cut = 0; cut <= 31; cut++) {
            archive.ends.put(P0, (long) cut);
            archive.ends.put(P1, (long) Math.max(0, 21 - cut));
            log.start();
            open(1 << 20);

            Map<TopicPartition, List<Long>> delivered = drain();

            assertThat(delivered.get(P0)).as("cut %d", cut).isEqualTo(log.offsets(P0));
            assertThat(delivered.get(P1)).as("cut %d", cut).isEqualTo(log.offsets(P1));
            assertThat(log.leastFetched(P0)).as("cut %d", cut).isGreaterThanOrEqualTo(cut);
            assertThat(log.leastFetched(P1)).as("cut %d", cut).isGreaterThanOrEqualTo(21 - cut);
            assertThat(control.progress().coldRecords() + control.progress().hotRecords())
                    .isEqualTo(delivered.get(P0).size() + delivered.get(P1).size());
            assertThat(control.caughtUp()).isTrue();
            consumer.close();
        }
    }

    @Test
    void coldAndHotPartitionsAreAlignedWithEachOther() {
        log.fill(P0, 1_000, 10, 0);
        log.fill(P1, 10, 1_000, 0);
        archive.ends.put(P0, 700L);
        log.start();
        open(1 << 20);

        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        poll(records, () -> records.size() == 1_010);

        long reached = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            reached = Math.max(reached, record.timestamp());
            assertThat(reached - record.timestamp()).isLessThanOrEqualTo(DRIFT);
        }
        assertThat(control.progress().coldRecords()).isEqualTo(700);
        assertThat(control.progress().hotRecords()).isEqualTo(310);
    }

    @Test
    void aPartitionThatIsColdHasThePositionOfWhatWasDeliveredAndMoreToCome() {
        log.fill(P0, 5_000, 0, 0);
        archive.ends.put(P0, 5_000L);
        log.start();
        open(1 << 20);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

        poll(records, () -> !records.isEmpty());

        assertThat(consumer.position(P0)).isEqualTo(records.size());
        assertThat(consumer.currentLag(P0).getAsLong()).isPositive();
        assertThat(control.progress().partitions().getFirst().cold()).isTrue();
        assertThat(log.consumer.paused()).contains(P0);
        assertThat(consumer.paused()).isEmpty();
        assertThat(control.caughtUp()).isFalse();
    }

    @Test
    void aReaderThatHangsLetsPollReturnAndTheOtherPartitionGoOn() throws Exception {
        log.fill(P0, 10, 10, 0);
        log.fill(P1, 10, 1, 0);
        archive.ends.put(P0, 10L);
        archive.gate = new CountDownLatch(1);
        log.start();
        open(1 << 20);
        long begin = System.nanoTime();

        for (int i = 0; i < 20; i++) {
            log.offer();
            assertThat(consumer.poll(Duration.ofMillis(100))).isEmpty();
        }

        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
        assertThat(log.polls).isGreaterThanOrEqualTo(20);
        archive.gate.countDown();
        assertThat(drain().get(P0)).isEqualTo(log.offsets(P0));
    }

    @Test
    void anArchiveThatFailsHandsOverWhereItStandsAndIsAskedAgainAfterAMinute() {
        log.fill(P0, 3_000, 0, 0);
        archive.ends.put(P0, 3_000L);
        archive.partRecords = 100;
        archive.failFrom = 500;
        log.fetchAtMost = 10;
        log.start();
        open(1 << 20);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        poll(records, () -> control.progress().hotRecords() >= 20);
        assertThat(log.leastFetched(P0)).isEqualTo(500);
        archive.failFrom = Long.MAX_VALUE;

        clock.move(Duration.ofSeconds(61));
        poll(records, () -> records.size() == 3_000);

        assertThat(records).extracting(ConsumerRecord::offset).isEqualTo(log.offsets(P0));
        assertThat(control.progress().hotRecords()).isLessThan(200);
    }

    @Test
    void aFailureThatPassesIsNotSeen() {
        log.fill(P0, 300, 0, 0);
        archive.ends.put(P0, 300L);
        archive.failOnce.addAll(List.of(0L, 100L));
        archive.partRecords = 100;
        log.start();
        open(1 << 20);

        assertThat(drain().get(P0)).isEqualTo(log.offsets(P0));
        assertThat(control.progress().hotRecords()).isZero();
    }

    @Test
    void whatReadersHoldStaysWithinItsBound() {
        log.fill(P0, 2_000, 1, 0);
        log.fill(P1, 2_000, 1, 0);
        archive.ends.put(P0, 2_000L);
        archive.ends.put(P1, 2_000L);
        archive.partRecords = 50;
        archive.heldEach = 10_000;
        log.start();
        open(16_000);

        Map<TopicPartition, List<Long>> delivered = drain();

        assertThat(delivered.get(P0)).isEqualTo(log.offsets(P0));
        assertThat(delivered.get(P1)).isEqualTo(log.offsets(P1));
        // one is held while another is read
        assertThat(archive.mostHeld.get()).isLessThanOrEqualTo(20_000);
        assertThat(archive.releases.get()).isPositive();
    }

    @Test
    void seekingGoesBackIntoTheArchiveAndOutOfIt() {
        log.fill(P0, 100, 0, 0);
        archive.ends.put(P0, 50L);
        log.start();
        open(1 << 20);
        drain();

        consumer.seek(P0, 40);
        assertThat(consumer.position(P0)).isEqualTo(40);
        assertThat(drain().get(P0)).hasSize(60).startsWith(40L);

        consumer.seek(P0, 70);
        assertThat(drain().get(P0)).hasSize(30).startsWith(70L);

        consumer.seekToBeginning(List.of(P0));
        assertThat(drain().get(P0)).isEqualTo(log.offsets(P0));
        assertThat(log.leastFetched(P0)).isEqualTo(50);
    }

    @Test
    void anArchiveThatGrowsIsFollowed() {
        log.fill(P0, 1_000, 0, 0);
        archive.ends.put(P0, 100L);
        archive.grow = 100;
        archive.growTo = 900;
        log.start();
        open(1 << 20);

        assertThat(drain().get(P0)).isEqualTo(log.offsets(P0));
        assertThat(log.leastFetched(P0)).isEqualTo(900);
    }

    @Test
    void nothingFromTheStopOnIsDeliveredAndAPartitionThatStandsThereHoldsNobodyBack() {
        log.fill(P0, 100, 10, 3);
        log.fill(P1, 100, 10, 0);
        archive.ends.put(P0, log.end(P0));
        archive.ends.put(P1, 40L);
        log.start();
        open(1 << 20, log.ends(), Map.of(P0, 30L, P1, 60L));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

        poll(records, () -> control.historyRead());

        assertThat(records).allMatch(record -> record.offset() < (record.partition() == 0 ? 30 : 60));
        assertThat(records)
                .hasSize((int) log.offsets(P0).stream()
                                .filter(offset -> offset < 30)
                                .count()
                        + 60);
        assertThat(consumer.position(P1)).isEqualTo(60);
    }

    @Test
    void aPartitionThatLeftTheArchiveIsNotAtItsEndBeforeTheBrokerHasSaidSo() {
        log.fill(P0, 100, 10, 0);
        archive.ends.put(P0, 100L);
        log.start();
        log.lagKnown = false;
        open(1 << 20, Map.of(P0, 50L, P1, 0L), Map.of());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        poll(records, () -> records.size() == 100);
        for (int i = 0; i < 20; i++) {
            poll(records, () -> true);
            consumer.poll(Duration.ofMillis(5));
        }
        assertThat(control.historyRead()).isTrue();
        assertThat(control.caughtUp()).isFalse();

        log.lagKnown = true;

        poll(records, () -> control.caughtUp());
        assertThat(records).hasSize(100);
    }

    /// Rebalances, pauses, failures, an archive that grows, seeks back to what was delivered: at any moment.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyRecordComesOnceAndInOrderWhateverHappens(long seed) {
        Random random = new Random(seed);
        for (TopicPartition partition : ALL) {
            int size = 300 + random.nextInt(1_500);
            log.fill(partition, size, random.nextInt(50), random.nextInt(6));
            archive.ends.put(partition, (long) random.nextInt(size));
        }
        archive.grow = random.nextInt(200);
        archive.growTo = 200 + random.nextInt(1_500);
        archive.partRecords = 20 + random.nextInt(300);
        archive.failures = new Random(seed);
        log.fetchAtMost = 10 + random.nextInt(200);
        log.start();
        open(1 + random.nextInt(200_000));
        Map<TopicPartition, List<Long>> delivered = new HashMap<>();
        Set<TopicPartition> paused = new HashSet<>();
        long begin = System.nanoTime();
        while (!ALL.stream().allMatch(partition -> log.offsets(partition).equals(delivered.get(partition)))) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("seed %d, delivered %s", seed, sizes(delivered))
                    .isLessThan(PATIENCE);
            TopicPartition any = ALL.get(random.nextInt(2));
            switch (random.nextInt(24)) {
                case 0 -> {
                    consumer.pause(List.of(any));
                    paused.add(any);
                }
                case 1, 2, 3 -> {
                    consumer.resume(List.copyOf(paused));
                    paused.clear();
                }
                case 4 -> {
                    if (random.nextInt(6) == 0) {
                        consumer.resume(ALL);
                        paused.clear();
                        log.consumer.rebalance(List.of());
                        log.assign(positions(delivered));
                    }
                }
                case 5 -> {
                    if (random.nextInt(6) == 0) {
                        consumer.seek(any, positions(delivered).getOrDefault(any, 0L));
                    }
                }
                case 6 -> clock.move(Duration.ofSeconds(random.nextInt(30)));
                default -> {
                    log.offer();
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(5));
                    for (TopicPartition partition : records.partitions()) {
                        assertThat(paused).as("seed %d", seed).doesNotContain(partition);
                        records.records(partition).forEach(record -> add(delivered, record));
                    }
                }
            }
            assertThat(consumer.paused()).as("seed %d", seed).isEqualTo(paused);
        }
    }

    private static void add(Map<TopicPartition, List<Long>> delivered, ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo(partition + "@" + record.offset());
        delivered.computeIfAbsent(partition, unknown -> new ArrayList<>()).add(record.offset());
    }

    private static Map<TopicPartition, Long> positions(Map<TopicPartition, List<Long>> delivered) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        delivered.forEach((partition, offsets) -> positions.put(partition, offsets.getLast() + 1));
        return positions;
    }

    private static Map<TopicPartition, Integer> sizes(Map<TopicPartition, List<Long>> delivered) {
        Map<TopicPartition, Integer> sizes = new HashMap<>();
        delivered.forEach((partition, offsets) -> sizes.put(partition, offsets.size()));
        return sizes;
    }

    private void open(long memoryBytes) {
        open(memoryBytes, log.ends(), Map.of());
    }

    private void open(long memoryBytes, Map<TopicPartition, Long> end, Map<TopicPartition, Long> stop) {
        control =
                new ReplayControl(ReplaySettings.of(end, DRIFT).stoppingAt(stop).through(ReplayTier.T2), clock);
        control.sources(ALL, Set.of());
        consumer = new ReplayConsumer(
                log.consumer,
                control,
                topic -> RecordTime.TIMESTAMP,
                new ColdSource(archive, memoryBytes, Duration.ofMillis(500), record -> record, null));
        consumer.subscribe(List.of("clicks"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        });
        log.assign(Map.of());
    }

    /// Polls until everything of the log was delivered.
    private Map<TopicPartition, List<Long>> drain() {
        Map<TopicPartition, List<Long>> delivered = new HashMap<>(Map.of(P0, new ArrayList<>(), P1, new ArrayList<>()));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        poll(records, () -> control.caughtUp() && ALL.stream().allMatch(p -> consumer.position(p) >= log.end(p)));
        records.forEach(record -> add(delivered, record));
        return delivered;
    }

    private void poll(List<ConsumerRecord<byte[], byte[]>> into, java.util.function.BooleanSupplier done) {
        long begin = System.nanoTime();
        while (!done.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("%d records", into.size())
                    .isLessThan(PATIENCE);
            log.offer();
            consumer.poll(Duration.ofMillis(5)).forEach(into::add);
        }
    }

    private static List<String> coldThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("weir-replay-cold"))
                .toList();
    }

    private static final class Ticking extends Clock {
        private volatile Instant now = Instant.EPOCH;

        void move(Duration by) {
            now = now.plus(by);
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
    private static final class Log {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        final Map<TopicPartition, NavigableMap<Long, Long>> times =
                new HashMap<>(Map.of(P0, new TreeMap<>(), P1, new TreeMap<>()));
        final Map<TopicPartition, Long> fetched = new HashMap<>();
        int fetchAtMost = 100;
        int polls;
        boolean lagKnown = true;

        void start() {
            consumer = new MockConsumer<>("earliest") {
                @Override
                public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                    polls++;
                    return super.poll(timeout);
                }

                @Override
                public synchronized OptionalLong currentLag(TopicPartition partition) {
                    return lagKnown ? super.currentLag(partition) : OptionalLong.empty();
                }
            };
            fetched.clear();
        }

        /// @param gap after so many records one offset is missing, 0 for never
        void fill(TopicPartition partition, int count, long step, int gap) {
            long offset = 0;
            for (int i = 0; i < count; i++) {
                times.get(partition).put(offset, i * step);
                offset += gap > 0 && i % gap == gap - 1 ? 2 : 1;
            }
        }

        List<Long> offsets(TopicPartition partition) {
            return List.copyOf(times.get(partition).keySet());
        }

        long end(TopicPartition partition) {
            return times.get(partition).isEmpty() ? 0 : times.get(partition).lastKey() + 1;
        }

        Map<TopicPartition, Long> ends() {
            return Map.of(P0, end(P0), P1, end(P1));
        }

        long leastFetched(TopicPartition partition) {
            return fetched.getOrDefault(partition, Long.MAX_VALUE);
        }

        void assign(Map<TopicPartition, Long> positions) {
            consumer.rebalance(ALL);
            consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
            consumer.updateEndOffsets(ends());
            ALL.forEach(partition -> consumer.seek(partition, positions.getOrDefault(partition, 0L)));
        }

        /// Gives the fake consumer the next records of each partition that is not paused.
        void offer() {
            for (TopicPartition partition : consumer.assignment()) {
                if (consumer.paused().contains(partition)) {
                    continue;
                }
                times.get(partition).tailMap(consumer.position(partition)).keySet().stream()
                        .limit(fetchAtMost)
                        .forEach(offset -> {
                            fetched.merge(partition, offset, Math::min);
                            consumer.addRecord(record(partition, offset));
                        });
            }
        }

        ConsumerRecord<byte[], byte[]> record(TopicPartition partition, long offset) {
            byte[] value = (partition + "@" + offset).getBytes(StandardCharsets.UTF_8);
            return new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    offset,
                    times.get(partition).get(offset),
                    TimestampType.CREATE_TIME,
                    0,
                    value.length,
                    new byte[0],
                    value,
                    new RecordHeaders(),
                    Optional.empty());
        }
    }

    /// An archive in memory, of the same records.
    private static final class Archive implements ColdReader {
        final Log log;
        final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
        final AtomicLong held = new AtomicLong();
        final AtomicLong mostHeld = new AtomicLong();
        final AtomicLong releases = new AtomicLong();
        final Set<Long> failOnce = ConcurrentHashMap.newKeySet();
        volatile long failFrom = Long.MAX_VALUE;
        volatile int partRecords = 1_000;
        volatile long heldEach;
        volatile int grow;
        volatile int growTo;
        volatile Random failures;
        volatile CountDownLatch gate = new CountDownLatch(0);

        Archive(Log log) {
            this.log = log;
        }

        @Override
        public Map<TopicPartition, Long> ends(String topic) {
            return Map.copyOf(ends);
        }

        @Override
        public ColdRecords open(TopicPartition partition, long from) {
            return new Reading(partition, from);
        }

        private final class Reading implements ColdRecords {
            private final TopicPartition partition;
            private long position;
            private long mine;

            Reading(TopicPartition partition, long from) {
                this.partition = partition;
                this.position = from;
            }

            @Override
            public Part next(long bytes) {
                awaitGate();
                Random random = failures;
                if (position >= failFrom || failOnce.remove(position) || (random != null && random.nextInt(20) == 0)) {
                    throw new ColdReadException("Partition '" + partition + "': planted.", null);
                }
                hold();
                long end = ends.getOrDefault(partition, 0L);
                if (position >= end && grow > 0 && end < Math.min(growTo, log.end(partition))) {
                    end = Math.min(Math.min(growTo, log.end(partition)), end + grow);
                    ends.put(partition, end);
                }
                if (position >= end) {
                    return new Part(List.of(), position, true);
                }
                long next = Math.min(end, position + partRecords);
                List<ConsumerRecord<byte[], byte[]>> records =
                        log.times.get(partition).subMap(position, next).keySet().stream()
                                .map(offset -> log.record(partition, offset))
                                .toList();
                position = next;
                return new Part(records, next, false);
            }

            private void awaitGate() {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ColdReadException("interrupted", e);
                }
            }

            private void hold() {
                long more = heldEach - mine;
                mine = heldEach;
                mostHeld.accumulateAndGet(held.addAndGet(more), Math::max);
            }

            @Override
            public long heldBytes() {
                return mine;
            }

            @Override
            public void release() {
                releases.incrementAndGet();
                held.addAndGet(-mine);
                mine = 0;
            }
        }
    }
}
