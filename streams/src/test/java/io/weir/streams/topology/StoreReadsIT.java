package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.session;
import static io.weir.streams.dsl.Window.sliding;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Step;
import io.weir.streams.dsl.StepContext;
import io.weir.streams.dsl.StepStore;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.job.state.Place;
import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StateReads;
import io.weir.streams.job.state.StateRow;
import io.weir.streams.job.state.StoreInfo;
import io.weir.streams.job.state.StoreKind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What running versions keep, read on a real node.
class StoreReadsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 2;
    private static final int USERS = 5;
    private static final long ALWAYS = Long.MAX_VALUE;
    private static final Instant NOON = Instant.parse("2001-01-01T12:00:00Z");

    @TempDir
    static Path data;

    private static NodeLog log;
    private static RunningVersion shop;
    private static RunningVersion words;

    record Click(String page, Instant at, long amount) {}

    record User(String name) {}

    record Total(long n, long total) {}

    record Named(String name, long amount) {}

    record Page(String title) {}

    /// Remembers the last page of each user.
    static final class LastPage implements Step<String, Click, String, Click> {
        static final StepStore<String, String> PAGE = StepStore.of("page", String.class, String.class);

        @Override
        public List<StepStore<?, ?>> stores() {
            return List.of(PAGE);
        }

        @Override
        public void row(String key, Click click, StepContext<String, Click> context) {
            context.store(PAGE).put(key, click.page());
        }
    }

    static final class Shop implements StreamJob {
        @Override
        public void define(Flow flow) {
            Stream<String, Click> clicks = flow.stream("clicks", Click.class).eventTime(Click::at);
            clicks.aggregate(Total.class, count("n"), sum(Click::amount, "total"))
                    .named("totals")
                    .toTable("out_totals");
            clicks.window(tumbling("1h").grace("30m"))
                    .aggregate(Total.class, count("n"), sum(Click::amount, "total"))
                    .named("hours")
                    .to("out_hours");
            clicks.window(session("10m").grace("5m"))
                    .aggregate(Total.class, count("n"), sum(Click::amount, "total"))
                    .named("visits")
                    .to("out_visits");
            clicks.window(sliding("10m").grace("30m"))
                    .aggregate(Total.class, count("n"), sum(Click::amount, "total"))
                    .named("slides")
                    .to("out_slides");
            clicks.through(new LastPage(), String.class, Click.class)
                    .named("last")
                    .to("out_last");
            clicks.join(
                            flow.table("users", User.class).history("365d"),
                            (key, click, user) -> new Named(user.name(), click.amount()))
                    .to("out_named");
            clicks.joinGlobal(
                            flow.global("pages", Page.class),
                            Click::page,
                            (key, click, page) -> new Named(page.title(), click.amount()))
                    .to("out_titles");
        }
    }

    /// Own Kafka Streams code: nobody knows what it keeps.
    static final class Words implements KafkaStreamsJob {
        @Override
        public void define(StreamsBuilder builder, JobContext context) {
            var byWord = builder.stream("lines", Consumed.with(Serdes.String(), Serdes.String()))
                    .groupBy(
                            (key, line) -> (long) line.length(),
                            Grouped.with("lengths", Serdes.Long(), Serdes.String()));
            byWord.count(Materialized.as("counts"))
                    .toStream()
                    .mapValues(String::valueOf)
                    .to(context.output("words"), Produced.with(Serdes.Long(), Serdes.String()));
            byWord.windowedBy(TimeWindows.ofSizeWithNoGrace(Duration.ofMinutes(1)))
                    .count(Materialized.as("minutes"));
        }
    }

    @BeforeAll
    static void startJobsOnClicks() throws Exception {
        log = new NodeLog(data.resolve("node"));
        log.create("clicks", PARTITIONS, Map.of("retention.ms", "-1"));
        log.create("users", PARTITIONS, Map.of("cleanup.policy", "compact"));
        log.create("pages", PARTITIONS, Map.of("cleanup.policy", "compact"));
        for (int minute = -120; minute < 40; minute += 4) {
            log.send("pages", "p" + minute, "{\"title\":\"minute " + minute + "\"}", at(-200));
        }
        log.create("lines", PARTITIONS, Map.of("retention.ms", "-1"));
        for (int user = 0; user < USERS; user++) {
            log.send("users", "u" + user, "{\"name\":\"old " + user + "\"}", at(-200));
            log.send("users", "u" + user, "{\"name\":\"new " + user + "\"}", NOON.toEpochMilli());
        }
        try (KafkaProducer<String, String> producer = log.producer()) {
            for (int minute = -120; minute < 40; minute += 4) {
                for (int user = 0; user < USERS; user++) {
                    producer.send(click("u" + user, minute, minute + user));
                }
            }
            producer.send(new ProducerRecord<>("lines", null, NOON.toEpochMilli(), "k", "four"));
            producer.send(new ProducerRecord<>("lines", null, NOON.toEpochMilli(), "l", "five"));
        }
        shop = start("shop", new Shop());
        words = start("words", new Words());
        await().atMost(PATIENCE).until(() -> shop.state() instanceof RunState.Running);
        await().atMost(PATIENCE).until(() -> words.state() instanceof RunState.Running);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (String store : List.of("totals", "hours", "visits")) {
                reach(store, "clicks-" + partition, end("clicks", partition));
            }
        }
    }

    @AfterAll
    static void stop() {
        shop.stop(Duration.ofSeconds(5));
        words.stop(Duration.ofSeconds(5));
        log.close();
    }

    @Test
    void aTableGivesTheRowOfAKeyWithThePositionItStandsFor() throws Exception {
        StateAnswer.Rows answer = key("totals", "u3");

        assertThat(values(answer)).containsExactly("{\"n\":40,\"total\":-1560}");
        int partition = place("totals", "u3").partition();
        assertThat(answer.position()).containsEntry("clicks-" + partition, end("clicks", partition));
        assertThat(key("totals", "nobody").rows()).isEmpty();
    }

    @Test
    void allKeysComePageByPageEachOnce() {
        TreeMap<String, String> found = new TreeMap<>();
        for (Place place : reads().places("totals", null)) {
            String after = null;
            do {
                StateAnswer.Rows page =
                        rows(question("totals", null, 0, ALWAYS, Map.of()).of(place.partition(), after, 2));
                assertThat(page.rows()).hasSizeLessThanOrEqualTo(2);
                page.rows()
                        .forEach(row -> assertThat(found.put(
                                        row.key().asText(), row.value().toString()))
                                .isNull());
                after = page.next();
            } while (after != null);
        }
        assertThat(found.keySet()).contains("u0", "u1", "u2", "u3", "u4");
        assertThat(found).containsEntry("u0", "{\"n\":40,\"total\":-1680}");
    }

    @Test
    void windowsThatAreOpenSayWhatTheyHoldAndClosedOnesAreFinal() {
        StateAnswer.Rows open = key("hours", "u1");

        // the last click was at 12:36: 11:00 has closed, its end and its grace lie before that
        assertThat(spans(open)).containsExactly("12:00-13:00 {\"n\":10,\"total\":190}");
        assertThat(open.settled()).isFalse();
        assertThat(open.rows().getFirst().settled()).isFalse();
        assertThat(Instant.ofEpochMilli(open.gateMillis())).isEqualTo(NOON.plusSeconds(36 * 60));

        StateAnswer.Rows closed = rows(question("hours", "u1", at(-60), at(0), Map.of())
                .of(place("hours", "u1").partition(), null, 10));
        assertThat(closed.rows()).isEmpty();
        assertThat(closed.settled()).as("12:00 + 30 min <= 12:36").isTrue();
    }

    @Test
    void windowsOfARangeOfKeysComePageByPage() {
        List<String> found = new ArrayList<>();
        for (Place place : reads().places("hours", null)) {
            String after = null;
            do {
                StateQuestion all = new StateQuestion(
                        "hours", null, "u1", "u3", 0, ALWAYS, place.partition(), after, 1, Map.of(), false);
                StateAnswer.Rows page = rows(all);
                page.rows().forEach(row -> found.add(row.key().asText()));
                after = page.next();
            } while (after != null);
        }
        assertThat(found).containsExactlyInAnyOrder("u1", "u2", "u3");
    }

    @Test
    void aSessionAndSlidingWindowsAreReadAsTheyWouldClose() {
        assertThat(spans(key("visits", "u2"))).containsExactly("10:00-12:36 {\"n\":40,\"total\":-1600}");

        StateAnswer.Rows slides = rows(question("slides", "u2", at(36), at(37), Map.of())
                .of(place("slides", "u2").partition(), null, 10));
        // 12:26:00.000 up to 12:36:00.000 holds 28, 32 and 36; a row in them begins each window behind it
        assertThat(spans(slides)).first().isEqualTo("12:26-12:36 {\"n\":3,\"total\":102}");
    }

    @Test
    void storesOfACustomOperatorAndTablesWithHistoryAreRead() {
        assertThat(values(key("last-page", "u4"))).containsExactly("\"p36\"");
        assertThat(values(key("users", "u4"))).containsExactly("{\"name\":\"new 4\"}");
        StateAnswer.Rows before = rows(question("users", "u4", 0, at(-1), Map.of())
                .of(place("users", "u4").partition(), null, 10));
        assertThat(values(before)).containsExactly("{\"name\":\"old 4\"}");
    }

    @Test
    void aGlobalTableIsReadHereWhateverThePartitionOfItsKey() {
        assertThat(kinds(reads())).containsEntry("pages", StoreKind.GLOBAL);
        Place place = place("pages", "p-8");
        for (int minute = -120; minute < 40; minute += 4) {
            StateQuestion question = question("pages", "p" + minute, 0, ALWAYS, Map.of());
            assertThat(values(rows(question.of(place.partition(), null, 10))))
                    .containsExactly("{\"title\":\"minute " + minute + "\"}");
        }

        List<String> found = new ArrayList<>();
        String after = null;
        do {
            StateAnswer.Rows page =
                    rows(question("pages", null, 0, ALWAYS, Map.of()).of(place.partition(), after, 7));
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(7);
            page.rows().forEach(row -> found.add(row.key().asText()));
            after = page.next();
        } while (after != null);
        assertThat(found).hasSize(40).doesNotHaveDuplicates().contains("p-120", "p36");

        assertThat(reads().read(question("pages", "p0", 0, ALWAYS, Map.of("pages-0", 1L))
                        .of(place.partition(), null, 10)))
                .isInstanceOfSatisfying(
                        StateAnswer.Refused.class,
                        refused -> assertThat(refused.why()).contains("global table"));
    }

    @Test
    void aReadIsBehindUntilTheStoreHasReachedWhatItAsksFor() throws Exception {
        RecordMetadata written;
        try (KafkaProducer<String, String> producer = log.producer()) {
            written = producer.send(click("late-comer", 36, 7)).get();
        }
        Map<String, Long> least = Map.of("clicks-" + written.partition(), written.offset() + 1);
        StateQuestion question =
                question("totals", "late-comer", 0, ALWAYS, least).of(written.partition(), null, 10);

        await().atMost(PATIENCE).until(() -> !(reads().read(question) instanceof StateAnswer.Behind));
        assertThat(values(rows(question))).containsExactly("{\"n\":1,\"total\":7}");

        Map<String, Long> far = Map.of("clicks-" + written.partition(), written.offset() + 1_000);
        assertThat(reads().read(question("totals", "late-comer", 0, ALWAYS, far).of(written.partition(), null, 10)))
                .isInstanceOf(StateAnswer.Behind.class);
        assertThat(reads().read(question("totals", "u1", 0, ALWAYS, Map.of("other-0", 1L))
                        .of(0, null, 10)))
                .isInstanceOfSatisfying(
                        StateAnswer.Refused.class,
                        refused -> assertThat(refused.why()).contains("other-0").contains("[clicks, users]"));
    }

    @Test
    void storesOfOwnCodeAreReadAsFarAsTheirSerdesTakeAKey() {
        StateReads reads = words.reads().orElseThrow();
        StateQuestion four = question("counts", "4", 0, ALWAYS, Map.of());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reads.read(four))
                        .isInstanceOfSatisfying(
                                StateAnswer.Rows.class,
                                rows -> assertThat(values(rows)).containsExactly("2")));
        StateQuestion ofNoon = question("minutes", "4", at(-1), at(1), Map.of());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(reads.read(ofNoon))
                        .isInstanceOfSatisfying(StateAnswer.Rows.class, rows -> {
                            assertThat(values(rows)).containsExactly("2");
                            assertThat(rows.rows().getFirst().window().start()).isEqualTo(NOON);
                        }));
        assertThat(kinds(reads))
                .containsEntry("counts", StoreKind.OWN_CODE)
                .containsEntry("minutes", StoreKind.OWN_CODE);
    }

    @Test
    void storesAreListedWithKindTypesAndTheTopicsTheirPositionCounts() {
        assertThat(kinds(reads()))
                .containsEntry("totals", StoreKind.KEY_VALUE)
                .containsEntry("hours", StoreKind.WINDOW)
                .containsEntry("visits", StoreKind.SESSION)
                .containsEntry("slides", StoreKind.SLIDING)
                .containsEntry("users", StoreKind.VERSIONED)
                .containsEntry("last-page", StoreKind.KEY_VALUE)
                .containsEntry("hours-gate", StoreKind.INTERNAL);
        StoreInfo totals = reads().stores().stream()
                .filter(store -> store.name().equals("totals"))
                .findFirst()
                .orElseThrow();
        assertThat(totals.keyType()).isEqualTo("String");
        assertThat(totals.valueType()).isEqualTo("Total");
        assertThat(totals.topics()).containsExactly("clicks", "users");
        assertThat(totals.bytes()).isPositive();
        assertThatThrownBy(() -> words.reads().orElseThrow().places("none", null))
                .isInstanceOf(NullPointerException.class);
    }

    private static Map<String, StoreKind> kinds(StateReads reads) {
        return reads.stores().stream().collect(Collectors.toMap(StoreInfo::name, StoreInfo::kind));
    }

    private static StateReads reads() {
        return shop.reads().orElseThrow();
    }

    private static Place place(String store, String key) {
        List<Place> places = reads().places(store, key);
        assertThat(places).hasSize(1);
        assertThat(places.getFirst().here()).isTrue();
        return places.getFirst();
    }

    private static StateAnswer.Rows key(String store, String key) {
        return rows(
                question(store, key, 0, ALWAYS, Map.of()).of(place(store, key).partition(), null, 1_000));
    }

    private static StateAnswer.Rows rows(StateQuestion question) {
        StateAnswer answer = reads().read(question);
        assertThat(answer).isInstanceOf(StateAnswer.Rows.class);
        return (StateAnswer.Rows) answer;
    }

    private static StateQuestion question(
            String store, String key, long fromMillis, long toMillis, Map<String, Long> atLeast) {
        return new StateQuestion(store, key, null, null, fromMillis, toMillis, -1, null, 1_000, atLeast, false);
    }

    private static List<String> values(StateAnswer.Rows answer) {
        return answer.rows().stream().map(row -> row.value().toString()).toList();
    }

    private static List<String> spans(StateAnswer.Rows answer) {
        return answer.rows().stream()
                .map(row -> minutes(row) + " " + row.value())
                .toList();
    }

    private static String minutes(StateRow row) {
        return row.window().start().toString().substring(11, 16) + "-"
                + row.window().end().toString().substring(11, 16);
    }

    private static long at(int minute) {
        return NOON.plusSeconds(minute * 60L).toEpochMilli();
    }

    private static ProducerRecord<String, String> click(String user, int minute, long amount) {
        return new ProducerRecord<>(
                "clicks",
                null,
                at(minute),
                user,
                "{\"page\":\"p" + minute + "\",\"at\":\"" + Instant.ofEpochMilli(at(minute)) + "\",\"amount\":" + amount
                        + "}");
    }

    private static long end(String topic, int partition) throws Exception {
        return log.ends(topic).entrySet().stream()
                .filter(entry -> entry.getKey().partition() == partition)
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /// Ranges are read past the cache, so they come as far with the next commit.
    private static void reach(String store, String partition, long offset) {
        int number = Integer.parseInt(partition.substring(partition.lastIndexOf('-') + 1));
        StateQuestion question =
                question(store, null, 0, ALWAYS, Map.of(partition, offset)).of(number, null, 10);
        await().atMost(PATIENCE).until(() -> reads().read(question) instanceof StateAnswer.Rows);
    }

    private static RunningVersion start(String name, StreamJob job) {
        Map<String, Object> clients = new HashMap<>(log.client());
        clients.put("application.server", "127.0.0.1:8080");
        return new KafkaStreamsRunner(Clock.systemUTC())
                .start(RunSpec.of(
                        Plan.of(name, job), StoreReadsIT.class.getClassLoader(), clients, data.resolve("state")));
    }
}
