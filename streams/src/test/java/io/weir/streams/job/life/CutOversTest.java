package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.MemoryJournal;
import io.weir.streams.job.compare.Corrections;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.compare.ResultRow;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobCatalog;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobName;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobState.Position;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation.Kind;
import io.weir.streams.job.registry.Outputs;
import io.weir.streams.job.registry.PlanNote;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.replay.RecordTime;
import io.weir.streams.replay.ReplayTier;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A promotion and its way back, cut off after any of its steps and gone on with by another node.
class CutOversTest {
    private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
    private static final OptionalLong ANY = OptionalLong.empty();

    private final MemoryJournal<JobCatalog> journal = new MemoryJournal<>(JobCatalog.empty(), JobCatalog.fold());
    private final JobRegistry registry = new JobRegistry(journal);
    private final Topics topics = new Topics();

    /// Ends the process at a moment of the test's choice.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeEach
    void aShadowVersionBesideALiveOne() {
        topics.put("sums", "a", "1");
        topics.put("sums", "b", "1");
        topics.put("sums", "gone", "1");
        topics.put("sums.v2", "a", "1");
        topics.put("sums.v2", "b", "2");
        topics.put("sums.v2", "new", "2");
        registry.create(new JobName("orders"), new JobEvent.Deployed(NOW, version(1), Map.of()));
        note(new JobEvent.Moved(NOW, 1, new JobState.Live(NOW)));
        note(new JobEvent.Added(NOW, version(2)));
        note(new JobEvent.ReplayAsked(
                NOW, 2, new Replay(Map.of(), Map.of(), Map.of(), -1, 0, 1, false, ReplayTier.T1), Map.of()));
        note(new JobEvent.Moved(NOW, 2, new JobState.Shadow(NOW)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aPromotionKilledAtAnyStepEndsAsIfItHadNotBeen(int kills) {
        promote();
        topics.killsAfterCommit = kills == 3 ? 1 : 0;
        topics.killsBeforeCommit = kills == 2 ? 1 : 0;
        topics.killsAfterCorrection = kills == 1 ? 1 : 0;

        run(NOW);

        assertThat(topics.newest("sums")).isEqualTo(Map.of("a", "1", "b", "2", "new", "2"));
        Job job = job();
        assertThat(job.live()).isEqualTo(2);
        assertThat(job.hold()).isNull();
        assertThat(job.lastOperation().result().path("corrections").asLong()).isEqualTo(3);
        assertThat(job.version(2).orElseThrow().outputs()).isEqualTo(Outputs.REAL);

        // both go on
        topics.put("sums", "b", "3");
        topics.put("sums", "c", "2");
        topics.put("sums.v1", "a", "5");
        topics.put("sums.v1", "c", "1");
        registry.change("orders", ANY, now -> Transitions.cutOver(now, Kind.ROLLBACK, 1, Map.of(), true, NOW));
        stand();
        topics.killsAfterCommit = kills == 3 ? 1 : 0;
        topics.killsBeforeCommit = kills == 2 ? 1 : 0;
        run(NOW);
        assertThat(topics.newest("sums")).isEqualTo(Map.of("a", "5", "b", "1", "c", "1", "gone", "1"));
        assertThat(job().live()).isEqualTo(1);

        // and once more, to what the second version had
        registry.change("orders", ANY, now -> Transitions.cutOver(now, Kind.ROLLBACK, 2, Map.of(), true, NOW));
        stand();
        run(NOW);
        assertThat(topics.newest("sums")).isEqualTo(Map.of("a", "1", "b", "3", "new", "2", "c", "2"));
    }

    @Test
    void nothingIsWrittenWhileAVersionHasNotReachedTheBarrier() {
        promote();
        topics.committed.put("orders.v2", Map.of("orders-0", new Position(6, "")));
        topics.unprocessed = true;

        assertThat(steps(NOW, 5)).isFalse();

        assertThat(job().hold().marks()).isEmpty();
        assertThat(topics.newest("sums")).isEqualTo(Map.of("a", "1", "b", "1", "gone", "1"));
        topics.committed.put("orders.v2", Map.of("orders-0", new Position(7, "")));
        assertThat(steps(NOW, 5)).isTrue();
    }

    /// A node was given the partition in the middle of the hold and had not heard of it.
    @Test
    void aVersionThatRanPastTheBarrierTakesItAlong() {
        promote();
        step(NOW);
        assertThat(job().hold().at()).isEqualTo(Map.of("orders-0", 7L));
        topics.committed.put(
                "orders.v1", Map.of("orders-0", new Position(9, ""), "orders.v1-x-repartition-0", new Position(3, "")));
        topics.unprocessed = true;

        assertThat(steps(NOW, 5)).isFalse();

        assertThat(job().hold().at()).isEqualTo(Map.of("orders-0", 9L));
        assertThat(job().hold().marks()).isEmpty();
        topics.committed.put("orders.v2", Map.of("orders-0", new Position(9, "")));
        assertThat(steps(NOW, 5)).isTrue();
        assertThat(job().lastOperation()
                        .result()
                        .path("barrier")
                        .path("orders-0")
                        .asLong())
                .isEqualTo(9);
    }

    @Test
    void rowsThatAreCommittedAndNotYetReadableAreWaitedFor() {
        promote();
        topics.unreadable = "sums.v2";

        assertThat(steps(NOW, 5)).isFalse();

        assertThat(job().hold().marks()).isEmpty();
        topics.unreadable = "";
        assertThat(steps(NOW, 5)).isTrue();
    }

    @Test
    void onlyMarkersOfTransactionsBeforeTheBarrierCountAsReached() {
        promote();
        topics.committed.put("orders.v2", Map.of("orders-0", new Position(6, "")));

        assertThat(steps(NOW, 5)).isTrue();
    }

    @Test
    void whatTakesTooLongIsGivenUpBeforeAnythingIsWrittenAndNeverAfterwards() {
        promote();
        assertThatThrownBy(() -> step(NOW.plus(Duration.ofMinutes(1))))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("barrier-timeout"));
        while (job().hold().marks().isEmpty()) {
            step(NOW);
        }

        step(NOW.plus(Duration.ofHours(1)));

        assertThat(job().live()).isEqualTo(2);
    }

    @Test
    void anOutputWithOtherPartitionsThanItsTopicIsRefused() {
        promote();
        topics.partitions.put("sums", 3);
        assertThatThrownBy(() -> steps(NOW, 5))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("promote-refused"));
    }

    @Test
    void aPointerOnlyChangesTheRecord() {
        registry.change(
                "orders", ANY, now -> Transitions.cutOver(now, Kind.PROMOTE, 2, Map.of("mode", "pointer"), false, NOW));

        step(NOW);

        assertThat(job().live()).isEqualTo(2);
        assertThat(job().version(2).orElseThrow().outputs().topicOf("sums")).isEqualTo("sums.v2");
        assertThat(job().version(1).orElseThrow().outputs().topicOf("sums")).isEqualTo("sums");
        assertThat(topics.newest("sums")).isEqualTo(Map.of("a", "1", "b", "1", "gone", "1"));
    }

    private void promote() {
        registry.change("orders", ANY, now -> Transitions.cutOver(now, Kind.PROMOTE, 2, Map.of(), true, NOW));
        stand();
    }

    private void stand() {
        topics.committed.put("orders.v1", Map.of("orders-0", new Position(7, "")));
        topics.committed.put("orders.v2", Map.of("orders-0", new Position(7, "")));
        registry.note("orders", now -> Transitions.stood(now, 1, Map.of("orders-0", 7L), NOW));
        registry.note("orders", now -> Transitions.stood(now, 2, Map.of("orders-0", 5L), NOW));
    }

    /// Steps until the operation has ended; who is killed is followed by another node.
    private void run(Instant at) {
        for (int i = 0; i < 20 && job().runningOperation().isPresent(); i++) {
            try {
                step(at);
            } catch (Killed killed) {
                topics.abort();
            }
        }
        assertThat(job().runningOperation()).isEmpty();
    }

    private boolean steps(Instant at, int most) {
        for (int i = 0; i < most && job().runningOperation().isPresent(); i++) {
            step(at);
        }
        return job().runningOperation().isEmpty();
    }

    private void step(Instant at) {
        new CutOvers(registry, topics, topics, topics, Clock.fixed(at, ZoneOffset.UTC))
                .step(job(), job().runningOperation().orElseThrow());
    }

    private Job job() {
        return registry.known().jobs().get("orders");
    }

    private void note(JobEvent event) {
        registry.change("orders", ANY, job -> event);
    }

    private static JobVersion version(int number) {
        String plan = "{\"stages\":[{\"name\":\"a\",\"kind\":\"source\",\"topic\":\"orders\"},"
                + "{\"name\":\"b\",\"kind\":\"sink\",\"inputs\":[\"a\"],\"topic\":\"sums\",\"upsert\":true}]}";
        try {
            return JobVersion.planned(
                    new JobName("orders"),
                    number,
                    "ab",
                    "21",
                    "shop.Sums",
                    Map.of(),
                    new PlanNote(new JsonMapper().readTree(plan), "", List.of("orders"), List.of("sums"), ""),
                    NOW);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /// Topics in memory, of one partition, with transactions.
    private static final class Topics extends FakeCluster implements ResultReader, Corrections.Opener {
        final Map<String, List<ResultRow>> rows = new TreeMap<>();
        final Map<String, Map<String, Position>> committed = new HashMap<>();
        final Map<String, Integer> partitions = new HashMap<>();
        final List<Runnable> uncommitted = new ArrayList<>();
        boolean unprocessed;
        String unreadable = "";
        int killsAfterCorrection;
        int killsBeforeCommit;
        int killsAfterCommit;

        void put(String topic, String key, String value) {
            put(topic, key, value, Map.of());
        }

        private void put(String topic, String key, String value, Map<String, String> headers) {
            rows.computeIfAbsent(topic, unknown -> new ArrayList<>())
                    .add(new ResultRow(bytes(key), value == null ? null : bytes(value), 0, headers));
        }

        void abort() {
            uncommitted.clear();
        }

        Map<String, String> newest(String topic) {
            Map<String, String> newest = new TreeMap<>();
            for (ResultRow row : rows.get(topic)) {
                String key = new String(row.key().get(), StandardCharsets.UTF_8);
                if (row.value() == null) {
                    newest.remove(key);
                } else {
                    newest.put(key, new String(row.bytes(), StandardCharsets.UTF_8));
                }
            }
            return newest;
        }

        @Override
        public Map<String, Position> committed(String group) {
            return committed.getOrDefault(group, Map.of());
        }

        @Override
        public Map<String, Long> ends(java.util.Collection<String> names) {
            Map<String, Long> ends = new TreeMap<>();
            names.forEach(name -> ends.put(
                    name + "-0",
                    name.equals("orders")
                            ? 9L
                            : rows.getOrDefault(name, List.of()).size()));
            return ends;
        }

        @Override
        public Map<String, Long> writtenEnds(java.util.Collection<String> names) {
            Map<String, Long> ends = new TreeMap<>(ends(names));
            ends.computeIfPresent(unreadable + "-0", (name, end) -> end + 1);
            return ends;
        }

        @Override
        public Map<String, TopicFacts> describe(java.util.Collection<String> names) {
            Map<String, TopicFacts> facts = new HashMap<>();
            names.forEach(name -> facts.put(name, new TopicFacts(partitions.getOrDefault(name, 1), "compact", -1)));
            return facts;
        }

        @Override
        public void createLike(String topic, String model) {
            rows.computeIfAbsent(topic, unknown -> new ArrayList<>());
        }

        @Override
        public void read(String topic, int partition, long from, long to, Consumer<ResultRow> sink) {
            List.copyOf(rows.getOrDefault(topic, List.of()).subList((int) from, (int) to))
                    .forEach(sink);
        }

        @Override
        public long firstReaching(String topic, int partition, long from, long to, RecordTime time, long millis) {
            return to;
        }

        @Override
        public void records(
                String topic, int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {}

        @Override
        public boolean holdsRecords(String topic, int partition, long from, long to) {
            return unprocessed;
        }

        @Override
        public Corrections open(String job, String operation) {
            uncommitted.clear();
            return new Corrections() {
                @Override
                public void write(String topic, int partition, byte[] key, byte[] value, long timestampMillis) {
                    String text = value == null ? null : new String(value, StandardCharsets.UTF_8);
                    uncommitted.add(() -> put(
                            topic,
                            new String(key, StandardCharsets.UTF_8),
                            text,
                            Map.of("weir.correction", operation)));
                    if (killsAfterCorrection-- > 0) {
                        throw new Killed();
                    }
                }

                @Override
                public void commit() {
                    if (killsBeforeCommit-- > 0) {
                        throw new Killed();
                    }
                    uncommitted.forEach(Runnable::run);
                    uncommitted.clear();
                    if (killsAfterCommit-- > 0) {
                        throw new Killed();
                    }
                }

                @Override
                public void close() {}
            };
        }

        private static Bytes bytes(String text) {
            return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
