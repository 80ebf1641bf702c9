package io.weir.log.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.testing.RunningLog;
import io.weir.log.topic.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class CompactedJournalIT {
    @RegisterExtension
    static final RunningLog LOG = new RunningLog();

    private static final Map<String, String> EMPTY = Map.of();

    private static final Fold<Map<String, String>> KEYS_AND_VALUES = (state, key, value) -> {
        Map<String, String> next = new TreeMap<>(state);
        if (value == null) {
            next.remove(key);
        } else {
            next.put(key, new String(value, StandardCharsets.UTF_8));
        }
        return Map.copyOf(next);
    };

    @Test
    void whatADecisionTellsStandsInTheHistoryOnceWithItsEntries() throws Exception {
        TopicName name = LOG.newName("__told");
        TopicName history = TopicName.of(name.value() + "_history");
        JournalSettings settings = JournalSettings.of(name).withHistory(history);
        try (Journal<Map<String, String>> journal =
                CompactedJournal.open(LOG.connection(), settings, EMPTY, KEYS_AND_VALUES)) {
            journal.write(state -> new Decision<>(List.of(entry("a", "1")), "").told(List.of(entry("a", "one"))));
            journal.write(state -> new Decision<>(List.of(entry("a", "2")), "").told(List.of(entry("a", "two"))));
            assertThat(journal.latest()).isEqualTo(Map.of("a", "2"));
        }
        Map<String, Object> client = LOG.connection().clientProperties();
        client.put("isolation.level", "read_committed");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(history.value(), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> told = new ArrayList<>();
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> told.add(record.value()));
            }
            assertThat(told).containsExactly("one", "two");
        }
    }

    @Test
    void aWriteIsAppliedWhenItReturns() {
        try (Journal<Map<String, String>> journal = open(LOG.newName("__applied"))) {
            String answer = journal.write(
                    state -> new Decision<>(List.of(entry("a", "1"), entry("b", "2")), "was " + state.size()));

            assertThat(answer).isEqualTo("was 0");
            assertThat(journal.state()).isEqualTo(Map.of("a", "1", "b", "2"));
        }
    }

    @Test
    void manyMayOpenANewTopicAtTheSameMoment() throws Exception {
        for (int round = 0; round < 5; round++) {
            TopicName topic = LOG.newName("__together");
            try (ExecutorService openers = Executors.newFixedThreadPool(4)) {
                List<Future<Journal<Map<String, String>>>> opening = new ArrayList<>();
                for (int opener = 0; opener < 4; opener++) {
                    opening.add(openers.submit(() -> open(topic)));
                }
                for (Future<Journal<Map<String, String>>> one : opening) {
                    try (Journal<Map<String, String>> journal = one.get()) {
                        assertThat(journal.latest()).isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void aDecisionWithoutEntriesWritesNothing() throws Exception {
        TopicName topic = LOG.newName("__nothing");
        try (Journal<Map<String, String>> journal = open(topic)) {
            assertThat(journal.<String>write(state -> Decision.unchanged("seen")))
                    .isEqualTo("seen");
            assertThat(journal.latest()).isEmpty();
        }
        assertThat(endOf(topic)).isZero();
    }

    @Test
    void aRestartEqualsMemory() {
        TopicName topic = LOG.newName("__restart");
        Map<String, String> before;
        try (Journal<Map<String, String>> journal = open(topic)) {
            IntStream.range(0, 50).forEach(i -> put(journal, "key-" + i % 7, "value-" + i));
            journal.write(state -> new Decision<>(List.of(Entry.deletion("key-3")), ""));
            before = journal.state();
        }

        try (Journal<Map<String, String>> again = open(topic)) {
            assertThat(again.state()).isEqualTo(before).hasSize(6).doesNotContainKey("key-3");
        }
    }

    @Test
    void theStateSurvivesCompaction() throws Exception {
        TopicName topic = LOG.newTopic(
                "__compacted",
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "min.cleanable.dirty.ratio", "0.01",
                        "delete.retention.ms", "0",
                        "segment.bytes", "1048576"));
        try (Journal<Map<String, String>> journal = open(topic)) {
            IntStream.range(0, 30).forEach(i -> put(journal, "key-" + i % 3, i + "x".repeat(100_000)));
            journal.write(state -> new Decision<>(List.of(Entry.deletion("key-2")), ""));
            LOG.node().roll(topic, 0);
            put(journal, "key-0", "last");
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> valuesLeft(topic) < 20);

        try (Journal<Map<String, String>> again = open(topic)) {
            assertThat(again.state()).containsOnlyKeys("key-0", "key-1").containsEntry("key-0", "last");
            assertThat(again.latest()).hasSize(2);
        }
    }

    @Test
    void aFencedJournalWriterRereadsAndRetries() {
        TopicName topic = LOG.newName("__fenced");
        try (Journal<Map<String, String>> one = open(topic);
                Journal<Map<String, String>> two = open(topic)) {
            put(one, "who", "one");
            AtomicInteger asked = new AtomicInteger();

            // the handler is where the other writer gets in between
            String answer = one.write(state -> {
                if (asked.incrementAndGet() == 1) {
                    put(two, "who", "two");
                }
                return new Decision<>(List.of(entry("who", state.get("who") + "+one")), state.get("who"));
            });

            assertThat(asked).hasValue(2);
            assertThat(answer).isEqualTo("two");
            assertThat(one.state()).containsEntry("who", "two+one");
            assertThat(two.latest()).containsEntry("who", "two+one");
        }
    }

    @Test
    void concurrentWritersLoseNothingAndEachDecidesOnTheNewestState() throws Exception {
        TopicName topic = LOG.newName("__concurrent");
        int writers = 3;
        int writesEach = 15;
        List<Journal<Map<String, String>>> journals = new ArrayList<>();
        ConcurrentLinkedQueue<Integer> seen = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            IntStream.range(0, writers).forEach(i -> journals.add(open(topic)));
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                Journal<Map<String, String>> journal = journals.get(writer);
                String name = "writer-" + writer;
                done.add(threads.submit(() -> IntStream.range(0, writesEach)
                        .forEach(i -> seen.add(journal.<Integer>write(countUp(name + "-" + i))))));
            }
            for (Future<?> each : done) {
                each.get(100, TimeUnit.SECONDS);
            }
            // a counter that loses or repeats one update ends elsewhere
            assertThat(journals.getFirst().latest()).containsEntry("count", String.valueOf(writers * writesEach));
            assertThat(journals.getLast().latest()).hasSize(1 + writers * writesEach);
            assertThat(seen)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, writers * writesEach).boxed().toList());
        } finally {
            journals.forEach(Journal::close);
        }
    }

    @Test
    void aTransactionLeftOpenByADeadWriterIsNeitherSeenNorInTheWay() throws Exception {
        TopicName topic = LOG.newName("__dead");
        try (Journal<Map<String, String>> journal = open(topic)) {
            put(journal, "kept", "1");
            Map<String, Object> settings = LOG.connection().clientProperties();
            settings.put("transactional.id", topic + "-writer");
            try (KafkaProducer<String, byte[]> dead =
                    new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
                dead.initTransactions();
                dead.beginTransaction();
                dead.send(new ProducerRecord<>(topic.value(), 0, "lost", new byte[] {1}))
                        .get();

                put(journal, "next", "2");

                assertThat(journal.latest()).isEqualTo(Map.of("kept", "1", "next", "2"));
            }
        }
    }

    @Test
    void whatTheHandlerThrowsReachesTheCallerAndNothingIsWritten() {
        TopicName topic = LOG.newName("__refused");
        try (Journal<Map<String, String>> journal = open(topic)) {
            assertThatThrownBy(() -> journal.write(state -> {
                        throw WeirException.conflict("name-taken", "Job 'x': the name is taken.");
                    }))
                    .isInstanceOf(WeirException.class)
                    .hasMessage("Job 'x': the name is taken.");
            put(journal, "still", "works");
            assertThat(journal.state()).hasSize(1);
        }
    }

    @Test
    void aHandlerThatWritesItselfIsRefused() {
        try (Journal<Map<String, String>> journal = open(LOG.newName("__nested"))) {
            assertThatThrownBy(() -> journal.write(state -> {
                        put(journal, "inner", "1");
                        return Decision.unchanged("");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must not write itself");
            assertThat(journal.latest()).isEmpty();
        }
    }

    @Test
    void anEntryTooLargeIsRefusedAtOnceAndTheJournalGoesOn() {
        TopicName topic = LOG.newName("__large");
        try (Journal<Map<String, String>> journal = open(topic)) {
            assertThatThrownBy(() -> put(journal, "big", "x".repeat(2_000_000)))
                    .isInstanceOfSatisfying(
                            WeirException.class, e -> assertThat(e.code()).isEqualTo("journal-entry-too-large"));
            put(journal, "small", "1");
            assertThat(journal.latest()).isEqualTo(Map.of("small", "1"));
        }
    }

    @Test
    void aTopicThatIsNotCompactedIsRefused() throws Exception {
        TopicName topic = LOG.newTopic("__wrong", 2, Map.of());

        assertThatThrownBy(() -> open(topic))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("2 partitions and cleanup.policy=delete");
    }

    @Test
    void anUnreachableLogIsToldWithinTheDeadline() {
        LogConnection nowhere = new LogConnection("none", "127.0.0.1:1", Map.of(), (short) 1);
        JournalSettings hurried = JournalSettings.of(TopicName.of("__none")).withDeadline(Duration.ofSeconds(2));

        assertThatThrownBy(() -> CompactedJournal.open(nowhere, hurried, EMPTY, KEYS_AND_VALUES))
                .isInstanceOf(WeirException.class)
                .hasMessageStartingWith("Journal '__none': ");
    }

    @Test
    void aClosedJournalSaysSo() {
        Journal<Map<String, String>> journal = open(LOG.newName("__closed"));
        journal.close();

        assertThatThrownBy(() -> put(journal, "a", "1"))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("journal-closed"));
    }

    private static Function<Map<String, String>, Decision<Integer>> countUp(String mark) {
        return state -> {
            int count = Integer.parseInt(state.getOrDefault("count", "0"));
            return new Decision<>(List.of(entry(mark, "done"), entry("count", String.valueOf(count + 1))), count);
        };
    }

    private static void put(Journal<Map<String, String>> journal, String key, String value) {
        journal.write(state -> new Decision<>(List.of(entry(key, value)), ""));
    }

    private static Entry entry(String key, String value) {
        return new Entry(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private static Journal<Map<String, String>> open(TopicName topic) {
        return CompactedJournal.open(LOG.connection(), JournalSettings.of(topic), EMPTY, KEYS_AND_VALUES);
    }

    private static long endOf(TopicName topic) {
        try (JournalTopic end = new JournalTopic(topic, LOG.connection())) {
            return end.committedEnd(Deadline.after(org.apache.kafka.common.utils.Time.SYSTEM, Duration.ofSeconds(10)));
        }
    }

    private static long valuesLeft(TopicName topic) {
        AtomicInteger entries = new AtomicInteger();
        try (Journal<Integer> counter = CompactedJournal.open(
                LOG.connection(), JournalSettings.of(topic), 0, (count, key, value) -> entries.incrementAndGet())) {
            return counter.latest();
        }
    }
}
