package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.store.FailingObjectStore;
import io.weir.tiered.store.MemoryObjectStore;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;
import org.apache.kafka.server.log.remote.storage.RetriableRemoteStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stores that fail and objects that are damaged: an error or the truth, never anything else.
class ArchiveFaultTest {
    private static final int FLIPS = 1000;

    @TempDir
    Path folder;

    @Test
    void aFlippedBitIsNeverServed() throws Exception {
        // Given
        MemoryObjectStore store = new MemoryObjectStore();
        RandomSegment segment = new RandomSegment(11);
        RemoteLogSegmentMetadata metadata;
        byte[] truth;
        try (ArchiveFixture clean = fixture(store, Map.of())) {
            metadata = clean.copy(segment, Files.createDirectory(folder.resolve("local")));
            truth = bytes(clean, metadata);
        }
        List<String> paths = new ArrayList<>(store.objects.keySet());
        Random random = new Random(99);
        int refused = 0;

        for (int flip = 0; flip < FLIPS; flip++) {
            // When
            String path = paths.get(random.nextInt(paths.size()));
            byte[] whole = store.objects.get(path);
            byte[] damaged = whole.clone();
            int bit = random.nextInt(damaged.length * 8);
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            store.objects.put(path, damaged);

            // Then
            try (ArchiveFixture reader = fixture(store, Map.of())) {
                byte[] served = bytes(reader, metadata);
                assertThat(served.length).as("flip %d", flip).isLessThanOrEqualTo(truth.length);
                assertThat(served).as("flip %d", flip).isEqualTo(Arrays.copyOf(truth, served.length));
                refused += served.length < truth.length ? 1 : 0;
            } catch (KafkaStorageException | RemoteStorageException e) {
                assertThat(e)
                        .hasMessageContaining(metadata.remoteLogSegmentId().id().toString())
                        .hasMessageContaining("offsets " + metadata.startOffset() + " to " + metadata.endOffset());
                refused++;
            }
            store.objects.put(path, whole);
        }
        assertThat(refused).isGreaterThan(FLIPS / 3);
    }

    @Test
    void aTruncatedObjectIsRefusedByName() throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        RemoteLogSegmentMetadata metadata;
        try (ArchiveFixture clean = fixture(store, Map.of())) {
            metadata = clean.copy(new RandomSegment(11), Files.createDirectory(folder.resolve("local")));
        }
        String rows = store.objects.keySet().stream()
                .filter(path -> path.endsWith(".parquet"))
                .findFirst()
                .orElseThrow();
        store.objects.put(rows, Arrays.copyOf(store.objects.get(rows), 100));

        try (ArchiveFixture reader = fixture(store, Map.of())) {
            assertThatThrownBy(() -> bytes(reader, metadata))
                    .isInstanceOf(RemoteStorageException.class)
                    .hasMessageContaining("fuzz-3");
        }
    }

    @Test
    void aFaultyStoreDelaysACopyAndLeavesNothingBehind() throws Exception {
        MemoryObjectStore objects = new MemoryObjectStore();
        FailingObjectStore store = new FailingObjectStore(objects, 5, 0.2);
        int failures = 0;
        try (ArchiveFixture fixture = fixture(store, Map.of())) {
            for (int i = 0; i < 30; i++) {
                RandomSegment segment = new RandomSegment(i);
                Path local = Files.createDirectory(folder.resolve("local-" + i));
                RemoteLogSegmentMetadata copied = null;
                while (copied == null) {
                    try {
                        copied = fixture.copy(segment, local);
                    } catch (RetriableRemoteStorageException e) {
                        failures++;
                    }
                }
                store.failureRate = 0;
                assertThat(fixture.fetch(copied, 0)).hasSameSizeAs(segment.batches);
                fixture.plugin.deleteLogSegmentData(copied);
                store.failureRate = 0.2;
            }
        }
        assertThat(failures).isGreaterThan(5);
        // clean-ups may fail, too: what they leave is for the janitor, and it is little
        assertThat(objects.objects.size()).isLessThan(failures);
    }

    @Test
    void aHungStoreFailsTheCopyInTime() throws Exception {
        FailingObjectStore store = new FailingObjectStore(new MemoryObjectStore(), 5, 0);
        store.hang = true;
        try (ArchiveFixture fixture = fixture(store, Map.of(ArchiveSettings.STORE_DEADLINE, "PT0.1S"))) {
            assertThatThrownBy(() -> fixture.copy(new RandomSegment(1), Files.createDirectory(folder.resolve("local"))))
                    .isInstanceOf(RetriableRemoteStorageException.class)
                    .hasMessageContaining("weir.archive.store.deadline");
        }
    }

    @Test
    void aMetadataOfAnotherPluginIsRefused() throws Exception {
        try (ArchiveFixture fixture = fixture(new MemoryObjectStore(), Map.of())) {
            RemoteLogSegmentMetadata foreign = new RandomSegment(1).metadata();
            assertThatThrownBy(() -> fixture.plugin.fetchLogSegment(foreign, 0))
                    .isInstanceOf(RemoteStorageException.class)
                    .hasMessageContaining("does not exist");
        }
    }

    private ArchiveFixture fixture(ObjectStore store, Map<String, String> settings) throws IOException {
        return new ArchiveFixture(store, folder.resolve("staging"), settings);
    }

    private static byte[] bytes(ArchiveFixture fixture, RemoteLogSegmentMetadata metadata)
            throws IOException, RemoteStorageException {
        try (InputStream in = fixture.plugin.fetchLogSegment(metadata, 0)) {
            return in.readAllBytes();
        }
    }
}
