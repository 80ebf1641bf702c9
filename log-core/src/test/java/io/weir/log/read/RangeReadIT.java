package io.weir.log.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.log.admin.LogAdmin;
import io.weir.log.fault.WeirException;
import io.weir.log.read.RecordPage.StoppedBy;
import io.weir.log.testing.RunningLog;
import io.weir.log.topic.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class RangeReadIT {
    @RegisterExtension
    static final RunningLog LOG = new RunningLog();

    private static LogAdmin admin;
    private static RangeReader reader;
    private static Tails tails;

    @BeforeAll
    static void open() {
        admin = LogAdmin.open(LOG.connection());
        reader = new RangeReader(LOG.connection(), admin.topics(), Clock.systemUTC());
        tails = new Tails(LOG.connection(), admin.topics(), Clock.systemUTC());
    }

    @AfterAll
    static void close() {
        admin.close();
    }

    @Test
    void rangeReadsFollowNextToTheEndOverTransactionMarkers() throws Exception {
        TopicName topic = LOG.newTopic("transactions", 1, Map.of());
        for (int transaction = 0; transaction < 12; transaction++) {
            transact(topic, transaction, 3, transaction % 4 != 3);
        }

        List<String> values = followToTheEnd(RangeQuery.of(topic).within(ReadBounds.ofRecords(4)));

        assertThat(values)
                .isEqualTo(IntStream.range(0, 36)
                        .filter(i -> i / 3 % 4 != 3)
                        .mapToObj(String::valueOf)
                        .toList());
    }

    @Test
    void rangeReadsFollowNextToTheEndOverCompactionGaps() throws Exception {
        TopicName topic = LOG.newTopic(
                "gaps",
                2,
                Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01", "segment.bytes", "1048576"));
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = 0; i < 60; i++) {
                producer.send(new ProducerRecord<>(topic.value(), i % 2, "key-" + i % 10, "x".repeat(50_000) + i))
                        .get();
            }
            LOG.node().roll(topic, 0);
            LOG.node().roll(topic, 1);
            producer.send(new ProducerRecord<>(topic.value(), 0, "last", "last"))
                    .get();
        }
        RangeQuery all = RangeQuery.of(topic).within(ReadBounds.widest());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> reader.read(all).records().size() == 11);

        assertThat(followToTheEnd(RangeQuery.of(topic).within(ReadBounds.ofRecords(2))))
                .hasSize(11)
                .contains("last");
    }

    @Test
    void anOpenTransactionEndsTheReadBeforeIt() throws Exception {
        TopicName topic = LOG.newTopic("open", 1, Map.of());
        transact(topic, 0, 2, true);
        try (KafkaProducer<String, String> pending = producer(Map.of("transactional.id", topic + "-pending"))) {
            pending.initTransactions();
            pending.beginTransaction();
            pending.send(new ProducerRecord<>(topic.value(), 0, "k", "pending")).get();

            RecordPage committed = reader.read(RangeQuery.of(topic));
            assertThat(committed.records()).hasSize(2);
            assertThat(committed.stoppedBy()).isEqualTo(StoppedBy.END);
            assertThat(committed.next()).isEqualTo(committed.end());
            RangeQuery query = RangeQuery.of(topic);
            RangeQuery uncommitted = new RangeQuery(
                    topic,
                    query.partition(),
                    query.start(),
                    Isolation.READ_UNCOMMITTED,
                    query.filter(),
                    query.bounds());
            assertThat(reader.read(uncommitted).records()).hasSize(3);
            // behind the last stable offset, yet inside the log
            assertThat(reader.read(RangeQuery.of(topic).from(new StartPosition.At(4)))
                            .records())
                    .isEmpty();
            pending.abortTransaction();
        }
    }

    @Test
    void aTimeReadReturnsNothingEarlier() throws Exception {
        TopicName topic = LOG.newTopic("old", 1, Map.of());
        Instant start = Instant.parse("2001-01-01T00:00:00Z");
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", topic + "-writer"))) {
            producer.initTransactions();
            for (int hour = 0; hour < 10; hour++) {
                producer.beginTransaction();
                long timestamp = start.plus(Duration.ofHours(hour)).toEpochMilli();
                producer.send(new ProducerRecord<>(topic.value(), 0, timestamp, "k", "hour-" + hour))
                        .get();
                producer.commitTransaction();
            }
        }

        Instant fromHour7 = start.plus(Duration.ofHours(7));
        assertThat(values(reader.read(RangeQuery.of(topic).from(new StartPosition.Time(fromHour7)))))
                .containsExactly("hour-7", "hour-8", "hour-9");
        // every commit marker is younger than this, no record is
        Instant between = Instant.parse("2010-01-01T00:00:00Z");
        RecordPage nothing = reader.read(RangeQuery.of(topic).from(new StartPosition.Time(between)));
        assertThat(nothing.records()).isEmpty();
        assertThat(nothing.stoppedBy()).isEqualTo(StoppedBy.END);
    }

    @Test
    void lastCountsRecordsAndNotOffsets() throws Exception {
        TopicName topic = LOG.newTopic("last", 1, Map.of());
        for (int transaction = 0; transaction < 10; transaction++) {
            transact(topic, transaction, 1, transaction < 4);
        }

        assertThat(values(reader.read(RangeQuery.of(topic).from(new StartPosition.Last(2)))))
                .containsExactly("2", "3");
        assertThat(values(reader.read(RangeQuery.of(topic).from(new StartPosition.Last(50)))))
                .hasSize(4);
    }

    @Test
    void anOffsetOutsideTheLogNamesItsEnds() throws Exception {
        TopicName topic = LOG.newTopic("outside", 1, Map.of());
        transact(topic, 0, 5, true);
        deleteBefore(topic, 3);

        for (long offset : new long[] {0, 2, 7, 99}) {
            assertThatThrownBy(() -> reader.read(RangeQuery.of(topic).from(new StartPosition.At(offset))))
                    .isInstanceOfSatisfying(OffsetOutsideLog.class, e -> {
                        assertThat(e.earliest()).isEqualTo(3);
                        assertThat(e.latest()).isEqualTo(6);
                        assertThat(e.status()).isEqualTo(416);
                    });
        }
        assertThat(reader.read(RangeQuery.of(topic).from(new StartPosition.At(6)))
                        .records())
                .isEmpty();
    }

    @Test
    void limitsAndBytesBoundAPageAndALargeFirstRecordStillComes() throws Exception {
        TopicName topic = LOG.newTopic("bounds", 1, Map.of());
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = 0; i < 5; i++) {
                producer.send(new ProducerRecord<>(topic.value(), 0, "k" + i, "x".repeat(1_000)))
                        .get();
            }
        }

        RecordPage limited = reader.read(RangeQuery.of(topic).within(ReadBounds.ofRecords(2)));
        assertThat(limited.stoppedBy()).isEqualTo(StoppedBy.LIMIT);
        assertThat(limited.next()).hasToString("0=2");
        RecordPage byBytes =
                reader.read(RangeQuery.of(topic).within(new ReadBounds(100, 2_100, Duration.ofSeconds(10))));
        assertThat(byBytes.stoppedBy()).isEqualTo(StoppedBy.BYTES);
        assertThat(byBytes.records()).hasSize(2);
        RecordPage tiny = reader.read(RangeQuery.of(topic).within(new ReadBounds(100, 1, Duration.ofSeconds(10))));
        assertThat(tiny.records()).hasSize(1);
        assertThat(tiny.next()).hasToString("0=1");
    }

    @Test
    void aFilteredReadStillCountsWhatItPassed() throws Exception {
        TopicName topic = LOG.newTopic("filtered", 1, Map.of());
        transact(topic, 0, 20, true);
        RecordFilter odd = new RecordFilter(Optional.of("key-1"), Optional.empty(), Optional.empty());

        RecordPage page = reader.read(RangeQuery.of(topic).matching(odd));
        assertThat(values(page)).containsExactly("1", "3", "5", "7", "9", "11", "13", "15", "17", "19");
        assertThat(page.next()).isEqualTo(page.end());
        RecordFilter contains = new RecordFilter(Optional.empty(), Optional.of("19"), Optional.empty());
        assertThat(values(reader.read(RangeQuery.of(topic).matching(contains)))).containsExactly("19");
    }

    @Test
    void whatDoesNotExistIsNamedWithTheNearest() throws Exception {
        TopicName topic = LOG.newTopic("named", 2, Map.of());

        assertThatThrownBy(() -> reader.read(RangeQuery.of(TopicName.of(topic + "x"))))
                .isInstanceOf(WeirException.class)
                .hasMessageEndingWith("Did you mean '" + topic + "'?");
        assertThatThrownBy(() -> reader.read(RangeQuery.of(topic).ofPartition(2)))
                .hasMessage("Topic '" + topic + "': partition must be from 0 to 1, got 2.");
        assertThatThrownBy(() -> reader.read(RangeQuery.of(topic).from(new StartPosition.At(0))))
                .hasMessageContaining("a plain offset needs 'partition'");
    }

    @Test
    void aTailResumesExactlyWithoutLossOrRepeat() throws Exception {
        TopicName topic = LOG.newTopic("tail", 2, Map.of());
        List<String> seen = new ArrayList<>();
        OffsetVector where;
        try (Tail tail = tails.open(RangeQuery.of(topic).from(new StartPosition.Latest()))) {
            produce(topic, 0, 10);
            where = take(tail, seen, 7);
        }
        produce(topic, 10, 20);
        try (Tail again = tails.resume(RangeQuery.of(topic), OffsetVector.parse(where.toString(), "id"))) {
            OffsetVector end = take(again, seen, 20);
            assertThat(end.next().values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(20);
            assertThat(again.poll(Duration.ofMillis(300))).noneMatch(TailEvent.Arrived.class::isInstance);
        }
        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).mapToObj(String::valueOf).toList());
    }

    @Test
    void aTailTellsWhatWasDeletedBeforeItCouldBeRead() throws Exception {
        TopicName topic = LOG.newTopic("skipped", 1, Map.of());
        produce(topic, 0, 10);
        deleteBefore(topic, 6);

        try (Tail tail = tails.resume(RangeQuery.of(topic), OffsetVector.parse("0=2", "id"))) {
            assertThat(tail.poll(Duration.ofSeconds(5)))
                    .containsExactly(new TailEvent.Skipped(0, 2, 6, OffsetVector.parse("0=6", "id")));
        }
        assertThatThrownBy(() -> tails.resume(RangeQuery.of(topic), OffsetVector.parse("0=11", "id")))
                .isInstanceOf(OffsetOutsideLog.class);
    }

    @Test
    void aWokenTailLeaves() throws Exception {
        TopicName topic = LOG.newTopic("woken", 1, Map.of());
        try (Tail tail = tails.open(RangeQuery.of(topic))) {
            tail.wakeUp();
            assertThatThrownBy(() -> tail.poll(Duration.ofSeconds(30))).isInstanceOf(WakeupException.class);
        }
    }

    /// @return the vector that came with the last one taken
    private static OffsetVector take(Tail tail, List<String> seen, int upTo) {
        OffsetVector where = tail.vector();
        while (seen.size() < upTo) {
            for (TailEvent event : tail.poll(Duration.ofMillis(200))) {
                if (event instanceof TailEvent.Arrived arrived && seen.size() < upTo) {
                    seen.add(text(arrived.record()));
                    where = arrived.next();
                }
            }
        }
        return where;
    }

    private static List<String> followToTheEnd(RangeQuery first) {
        List<String> values = new ArrayList<>();
        RangeQuery query = first;
        for (int pages = 0; pages < 100; pages++) {
            RecordPage page = reader.read(query);
            values.addAll(values(page));
            if (page.next().equals(page.end())) {
                return values;
            }
            query = first.from(StartPosition.parse(page.next().toString()));
        }
        throw new AssertionError("Following 'next' did not come to the end.");
    }

    private static void transact(TopicName topic, int number, int count, boolean commits) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", topic + "-writer"))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = number * count; i < (number + 1) * count; i++) {
                producer.send(new ProducerRecord<>(topic.value(), 0, "key-" + i % 2, String.valueOf(i)))
                        .get();
            }
            if (commits) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static void produce(TopicName topic, int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(topic.value(), "key-" + i, String.valueOf(i)))
                        .get();
            }
        }
    }

    private static void deleteBefore(TopicName topic, long offset) throws Exception {
        LOG.admin()
                .deleteRecords(Map.of(new TopicPartition(topic.value(), 0), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    private static KafkaProducer<String, String> producer(Map<String, String> more) {
        Map<String, Object> properties = LOG.connection().clientProperties();
        properties.putAll(more);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private static List<String> values(RecordPage page) {
        return page.records().stream().map(RangeReadIT::text).toList();
    }

    private static String text(ReadRecord record) {
        return new String(record.content().value(), StandardCharsets.UTF_8);
    }
}
