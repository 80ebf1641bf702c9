package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.archive.VerifiedRecord.Source;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;
import org.apache.kafka.server.log.remote.storage.RemoteStorageManager.IndexType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A segment that is stored as it is comes back byte for byte, from any byte; a damaged one does not come at all.
class ClassicModeTest {
    private static final LocalLog NO_LOCAL_LOG = (topic, partition, first, last) -> Optional.<Source>empty();

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final LakeModes modes = new LakeModes();
    private ArchiveFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new ArchiveFixture(store, folder.resolve("staging"), Map.of(), modes);
        modes.set(Map.of("fuzz", LakeMode.CLASSIC));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private Path local(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    private static byte[] log(Path local) throws IOException {
        try (Stream<Path> files = Files.list(local)) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private byte[] read(RemoteLogSegmentMetadata metadata, int from, int to) throws Exception {
        try (InputStream in = fixture.plugin.fetchLogSegment(metadata, from, to)) {
            return in.readAllBytes();
        }
    }

    @Test
    void everyByteComesBackFromAnyPosition() throws Exception {
        for (int seed = 0; seed < 50; seed++) {
            Path local = local("s" + seed);
            RemoteLogSegmentMetadata metadata = fixture.copy(new RandomSegment(seed), local);
            byte[] truth = log(local);
            Random random = new Random(seed);

            assertThat(read(metadata, 0, Integer.MAX_VALUE)).isEqualTo(truth);
            int from = random.nextInt(truth.length);
            int to = from + random.nextInt(truth.length - from);
            assertThat(read(metadata, from, to)).isEqualTo(Arrays.copyOfRange(truth, from, to + 1));
        }
        assertThat(store.objects.keySet()).allMatch(path -> path.endsWith(".segment") || path.endsWith(".sidecar"));
    }

    @Test
    void theBrokersIndexesComeBackAsTheyWere() throws Exception {
        Path local = local("one");
        RemoteLogSegmentMetadata metadata = fixture.copy(new RandomSegment(3), local);

        assertThat(index(metadata, IndexType.OFFSET)).isEqualTo(Files.readAllBytes(local.resolve("offset")));
        assertThat(index(metadata, IndexType.TIMESTAMP)).isEqualTo(Files.readAllBytes(local.resolve("time")));
        assertThat(index(metadata, IndexType.PRODUCER_SNAPSHOT))
                .isEqualTo(Files.readAllBytes(local.resolve("snapshot")));
    }

    private byte[] index(RemoteLogSegmentMetadata metadata, IndexType type) throws Exception {
        try (InputStream in = fixture.plugin.fetchIndex(metadata, type)) {
            return in.readAllBytes();
        }
    }

    @Test
    void bothKindsMixInOnePartition() throws Exception {
        RemoteLogSegmentMetadata asItIs = fixture.copy(new RandomSegment(1), local("classic"));
        modes.set(Map.of());
        RemoteLogSegmentMetadata rows = fixture.copy(new RandomSegment(2), local("rows"));

        assertThat(fixture.fetch(asItIs, 0)).hasSameSizeAs(new RandomSegment(1).batches);
        assertThat(fixture.fetch(rows, 0)).hasSameSizeAs(new RandomSegment(2).batches);
        for (RemoteLogSegmentMetadata each : List.of(asItIs, rows)) {
            assertThat(findings(each)).isEmpty();
            fixture.plugin.deleteLogSegmentData(each);
        }
        assertThat(store.objects).isEmpty();
    }

    private List<Finding> findings(RemoteLogSegmentMetadata metadata) throws Exception {
        SegmentVerifier verifier =
                new SegmentVerifier(store, new ArchiveLayout("test", "lake"), NO_LOCAL_LOG, VerifyLevel.ROWS);
        verifier.verify(new KnownSegment(
                "fuzz",
                ArchiveLayout.address(metadata),
                metadata.endOffset(),
                KnownSegment.State.FINISHED,
                CustomMetadata.read(metadata)));
        return verifier.findings();
    }

    @Test
    void aFlippedBitIsNeverServedAndIsFound() throws Exception {
        RemoteLogSegmentMetadata metadata = fixture.copy(new RandomSegment(7), local("one"));
        Random random = new Random(5);
        for (String path : List.copyOf(store.objects.keySet())) {
            byte[] whole = store.objects.get(path);
            for (int flip = 0; flip < 30; flip++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                store.objects.put(path, damaged);
                if (path.endsWith(".segment")) {
                    try (ArchiveFixture reader = new ArchiveFixture(store, folder.resolve("staging"), Map.of());
                            InputStream in = reader.plugin.fetchLogSegment(metadata, 0)) {
                        assertThatThrownBy(in::readAllBytes)
                                .isInstanceOf(KafkaStorageException.class)
                                .hasMessageContaining(path)
                                .hasMessageContaining("offsets " + metadata.startOffset());
                    }
                    assertThat(findings(metadata))
                            .singleElement()
                            .satisfies(finding -> assertThat(finding.object()).endsWith(path));
                }
            }
            store.objects.put(path, whole);
        }
    }

    @Test
    void aModeThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new LakeModes().given(Map.of("weir.topic.orders.lake.mode", "clasic")))
                .hasMessageContaining("weir.topic.orders.lake.mode")
                .hasMessageContaining("parquet or classic");
    }

    @Test
    void aMissingSegmentIsSaidSo() throws Exception {
        RemoteLogSegmentMetadata metadata = fixture.copy(new RandomSegment(7), local("one"));
        store.objects.keySet().removeIf(path -> path.endsWith(".segment"));

        try (InputStream in = fixture.plugin.fetchLogSegment(metadata, 0)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class).hasMessageContaining(".segment");
        } catch (RemoteStorageException e) {
            throw new AssertionError(e);
        }
        assertThat(findings(metadata))
                .singleElement()
                .satisfies(finding -> assertThat(finding.problem()).contains("must exist"));
    }
}
