package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.StoreBackoffTest.MovingClock;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.store.FailingObjectStore;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;
import org.apache.kafka.server.log.remote.storage.RetriableRemoteStorageException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A broker's copies, reads and deletes against a store with one kind of fault at a time, drawn from a seed: what
/// is finished can be read and is exactly what was copied, what is read is never wrong, and what fails leaves
/// nothing that the janitor does not find. Another seed: `-Dweir.simulation.seed=N`.
class StoreFaultSimulation {
    private static final long SEED = Long.getLong("weir.simulation.seed", 20_261_120L);
    private static final int SEGMENTS = 24;
    private static final ArchiveLayout LAYOUT = new ArchiveLayout("test", "lake");

    @TempDir
    Path folder;

    private final MovingClock clock = new MovingClock();
    private final MemoryObjectStore objects = new MemoryObjectStore(clock);
    private final List<KnownSegment> known = new ArrayList<>();

    /// A segment whose copy has finished, and the bytes it gave while the store was well.
    private record Finished(RemoteLogSegmentMetadata metadata, RandomSegment segment) {}

    enum Fault {
        /// Every fourth call or so answers 503, before or after it did its work; uploads are cut short.
        ERRORS,
        /// Some calls never answer.
        HANGS,
        /// Listings are behind.
        LIST_LAG,
        ALL
    }

    private static FailingObjectStore broken(FailingObjectStore store, Fault fault) {
        store.failureRate = fault == Fault.ERRORS || fault == Fault.ALL ? 0.15 : 0;
        store.hangRate = fault == Fault.HANGS || fault == Fault.ALL ? 0.02 : 0;
        store.listLag = fault == Fault.LIST_LAG || fault == Fault.ALL ? 3 : 0;
        return store;
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLostNothingIsWrongAndNothingStays(Fault fault) throws Exception {
        System.out.println("StoreFaultSimulation " + fault + " seed " + SEED);
        Random random = new Random(SEED + fault.ordinal());
        FailingObjectStore store = broken(new FailingObjectStore(objects, random.nextLong(), 0), fault);
        List<Finished> finished = new ArrayList<>();
        Map<String, String> settings = Map.of(ArchiveSettings.STORE_DEADLINE, "PT0.05S");
        try (ArchiveFixture broker = new ArchiveFixture(store, folder.resolve("staging"), settings)) {
            for (int i = 0; i < SEGMENTS; i++) {
                RandomSegment segment = new RandomSegment(random.nextInt(10_000));
                finished.add(copyUntilFinished(broker, segment, Files.createDirectory(folder.resolve("s" + i))));
                assertNothingWrong(broker, finished.get(random.nextInt(finished.size())));
                if (random.nextInt(4) == 0) {
                    deleteUntilGone(broker, finished.remove(random.nextInt(finished.size())));
                }
            }
            store.heal();
        }
        // a new process: nothing cached
        try (ArchiveFixture reader = new ArchiveFixture(store, folder.resolve("staging"), settings)) {
            for (Finished each : finished) {
                assertThat(reader.fetch(each.metadata(), 0)).hasSameSizeAs(each.segment().batches);
                assertWholeAndTrue(reader, each);
            }
        }
        assertTheJanitorLeaves(finished, broken(store, fault), store);
    }

    /// As a broker does: a new id for each attempt, its own clean-up only when it is told to.
    private Finished copyUntilFinished(ArchiveFixture broker, RandomSegment segment, Path local) throws IOException {
        for (int attempt = 0; attempt < 500; attempt++) {
            RemoteLogSegmentMetadata started = segment.metadata();
            try {
                RemoteLogSegmentMetadata done = broker.copy(segment, started, local);
                know(done, KnownSegment.State.FINISHED);
                return new Finished(done, segment);
            } catch (RetriableRemoteStorageException e) {
                know(started, KnownSegment.State.STARTED);
            } catch (RemoteStorageException e) {
                throw new AssertionError("a faulty store must never look like a damaged segment", e);
            }
        }
        throw new AssertionError("500 attempts in vain");
    }

    private void know(RemoteLogSegmentMetadata metadata, KnownSegment.State state) {
        known.add(new KnownSegment(
                metadata.topicIdPartition().topic(),
                ArchiveLayout.address(metadata),
                metadata.endOffset(),
                state,
                Optional.empty()));
    }

    private void deleteUntilGone(ArchiveFixture broker, Finished segment) {
        for (int attempt = 0; attempt < 500; attempt++) {
            try {
                broker.plugin.deleteLogSegmentData(segment.metadata());
                known.removeIf(each -> each.address().equals(ArchiveLayout.address(segment.metadata())));
                return;
            } catch (RemoteStorageException e) {
                // the broker tries again
            }
        }
        throw new AssertionError("500 attempts in vain");
    }

    /// While the store fails: an error, or a true beginning.
    private static void assertNothingWrong(ArchiveFixture broker, Finished segment) throws IOException {
        try (InputStream in = broker.plugin.fetchLogSegment(segment.metadata(), 0)) {
            byte[] read = in.readAllBytes();
            byte[] truth = truth(segment);
            assertThat(headers(read))
                    .isEqualTo(headers(truth).subList(0, headers(read).size()));
        } catch (RemoteStorageException | KafkaStorageException e) {
            assertThat(e)
                    .hasMessageContaining(
                            segment.metadata().remoteLogSegmentId().id().toString());
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("Archive");
        }
    }

    private static void assertWholeAndTrue(ArchiveFixture reader, Finished segment) throws Exception {
        try (InputStream in = reader.plugin.fetchLogSegment(segment.metadata(), 0)) {
            assertThat(headers(in.readAllBytes())).isEqualTo(headers(truth(segment)));
        }
    }

    private static byte[] truth(Finished segment) {
        int size = segment.segment().batches.stream()
                .mapToInt(batch -> batch.length)
                .sum();
        byte[] all = new byte[size];
        int at = 0;
        for (byte[] batch : segment.segment().batches) {
            System.arraycopy(batch, 0, all, at, batch.length);
            at += batch.length;
        }
        return all;
    }

    /// What of a batch does not depend on its compression; its records are proven by the round trip's own test.
    private static List<String> headers(byte[] bytes) {
        List<String> headers = new ArrayList<>();
        for (int at = 0; at + 61 <= bytes.length; ) {
            int length = java.nio.ByteBuffer.wrap(bytes).getInt(at + 8) + 12;
            byte[] base = Arrays.copyOfRange(bytes, at, at + 8);
            boolean current = bytes[at + 16] == 2;
            headers.add(Arrays.toString(base)
                    + (current ? Arrays.toString(Arrays.copyOfRange(bytes, at + 23, at + 61)) : ""));
            at += length;
        }
        return headers;
    }

    private void assertTheJanitorLeaves(List<Finished> finished, FailingObjectStore failing, FailingObjectStore store) {
        Map<SegmentAddress, Set<String>> listed = new LinkedHashMap<>();
        Set<String> expected = new HashSet<>(Set.of("test/janitor.txt"));
        for (Finished each : finished) {
            SegmentAddress address = ArchiveLayout.address(each.metadata());
            String data = LAYOUT.dataFile(each.metadata().topicIdPartition().topic(), address, 0);
            listed.put(address, Set.of(data));
            expected.add(LAYOUT.sidecar(address));
            if (objects.objects.containsKey(LAYOUT.listed(data))) {
                expected.add(LAYOUT.listed(data));
            }
        }
        Janitor janitor = new Janitor(
                failing, LAYOUT, source(listed), () -> Optional.of(Set.of()), JanitorSettings.DEFAULT, clock);
        failing.hangRate = 0;
        for (int pass = 0; pass < 40; pass++) {
            janitor.pass();
            clock.now = clock.now.plus(Duration.ofDays(1));
        }
        store.heal();
        for (int pass = 0; pass < 3; pass++) {
            janitor.pass();
            clock.now = clock.now.plus(Duration.ofDays(8));
        }

        assertThat(janitor.report().orElseThrow().refused()).isEmpty();
        assertThat(objects.objects.keySet()).isEqualTo(expected);
    }

    private Janitor.Source source(Map<SegmentAddress, Set<String>> listed) {
        return new Janitor.Source() {
            @Override
            public String clusterId() {
                return "test";
            }

            @Override
            public List<KnownSegment> known() {
                return known.stream().collect(Collectors.toList());
            }

            @Override
            public Set<String> listed(SegmentAddress segment) {
                return listed.getOrDefault(segment, Set.of());
            }
        };
    }
}
