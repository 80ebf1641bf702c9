package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.store.FailingObjectStore;
import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A random life of a table: segments that follow each other or overlap, retention, committers that die
/// before and after the commit, race each other, lose answers, and a store that fails. After each step every
/// row that counts is there exactly once. Repeat one by its seed: `-Dweir.seed=<seed>`.
class CommitterSimulation {
    private static final int STEPS = 40;

    @TempDir
    Path folder;

    static LongStream seeds() {
        Long given = Long.getLong("weir.seed");
        return given != null
                ? LongStream.of(given)
                : LongStream.range(0, Boolean.getBoolean("weir.test.long") ? 200 : 5);
    }

    /// What became of the archive, as the simulation knows it.
    private static final class Truth {
        final Map<Integer, Long> ends = new TreeMap<>();
        final Map<Integer, Long> starts = new TreeMap<>();
        final List<ArchivedTopic.Segment> segments = new ArrayList<>();
    }

    private static final class Halt extends Error {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRowIsThereExactlyOnce(long seed) throws Exception {
        Random random = new Random(seed);
        FailingObjectStore store = new FailingObjectStore(new MemoryObjectStore(), seed, 0);
        LakeFixture lake = new LakeFixture(store, URI.create("s3a://bucket"), folder);
        UUID topic = lake.create("orders");
        Truth truth = new Truth();
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> archive(lake, truth, random, 0);
                case 3 -> archive(lake, truth, random, random.nextInt(20));
                case 4 -> retain(lake, truth, random);
                case 5 -> die(lake, random);
                case 6 -> race(lake);
                case 7 -> loseAnswers(lake);
                case 8 -> {
                    store.failureRate = 0.2;
                    lake.pass();
                    store.failureRate = 0;
                }
                default -> lake.pass();
            }
            check(lake, topic, truth, false);
        }
        lake.pass();
        check(lake, topic, truth, true);
    }

    /// @param overlap offsets that are archived a second time, cut otherwise
    private static void archive(LakeFixture lake, Truth truth, Random random, int overlap) throws Exception {
        int partition = random.nextInt(3);
        long end = truth.ends.getOrDefault(partition, 0L);
        long from = Math.max(truth.starts.getOrDefault(partition, 0L), end - overlap);
        long to = end + 1 + random.nextInt(15);
        truth.segments.add(lake.segment("orders", partition, from, to));
        truth.ends.put(partition, to);
    }

    private static void retain(LakeFixture lake, Truth truth, Random random) {
        int partition = random.nextInt(3);
        long start = truth.starts.getOrDefault(partition, 0L);
        long end = truth.ends.getOrDefault(partition, 0L);
        if (end <= start) {
            return;
        }
        long next = start + random.nextInt((int) Math.min(20, end - start));
        truth.starts.put(partition, next);
        lake.logStart("orders", partition, next);
        truth.segments.removeIf(segment -> {
            boolean below = segment.address().partition() == partition && segment.endOffset() < next;
            if (below) {
                lake.expire(segment);
            }
            return below;
        });
    }

    private static void die(LakeFixture lake, Random random) {
        boolean before = random.nextBoolean();
        try {
            lake.committer(new CommitHooks() {
                        @Override
                        public void beforeCommit(String topic) {
                            if (before) {
                                throw new Halt();
                            }
                        }

                        @Override
                        public void afterCommit(String topic) {
                            throw new Halt();
                        }
                    })
                    .pass(() -> true);
        } catch (Halt end) {
            // what it had in memory is gone
        }
    }

    private static void race(LakeFixture lake) {
        lake.committer(
                        new CommitHooks() {
                            @Override
                            public void beforeCommit(String topic) {
                                lake.pass();
                            }
                        },
                        2)
                .pass(() -> true);
    }

    private static void loseAnswers(LakeFixture lake) {
        new Committer(lake.onTheSameJournal(), lake, lake::uuid, 3, Time.SYSTEM, lake.metrics, new CommitHooks() {
                    @Override
                    public void beforeCommit(String topic) {
                        lake.journal.failAfterWriting =
                                new WeirException("journal-timeout", Whose.EXTERNAL, "no answer in time");
                    }
                })
                .pass(() -> true);
        lake.journal.failAfterWriting = null;
    }

    private static void check(LakeFixture lake, UUID topic, Truth truth, boolean settled) throws Exception {
        if (lake.tables.find(topic).isEmpty()) {
            assertThat(settled && !truth.segments.isEmpty()).isFalse();
            return;
        }
        List<Row> rows = TableRows.of(lake.tables, topic);
        assertThat(rows).doesNotHaveDuplicates();
        assertThat(rows.stream().map(row -> row.partition() + "-" + row.offset()))
                .doesNotHaveDuplicates();
        rows.forEach(row -> assertThat(row).isEqualTo(LakeFixture.row(row.partition(), row.offset(), "a")));
        OffsetVector vector = lake.tables.summary(topic).orElseThrow().offsets();
        vector.next().forEach((partition, next) -> {
            long start = truth.starts.getOrDefault(partition, 0L);
            List<Long> offsets = rows.stream()
                    .filter(row -> row.partition() == partition && row.offset() >= start)
                    .map(Row::offset)
                    .toList();
            assertThat(offsets).isEqualTo(LongStream.range(start, next).boxed().toList());
            assertThat(rows.stream().filter(row -> row.partition() == partition && row.offset() >= next))
                    .isEmpty();
            if (settled) {
                assertThat(next).isGreaterThanOrEqualTo(truth.ends.getOrDefault(partition, 0L));
            }
        });
    }
}
