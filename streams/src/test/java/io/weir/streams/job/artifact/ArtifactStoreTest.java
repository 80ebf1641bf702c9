package io.weir.streams.job.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.log.journal.Entry;
import io.weir.streams.job.MemoryJournal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactStoreTest {
    @TempDir
    Path folder;

    private final MemoryJournal<ArtifactIndex> journal =
            new MemoryJournal<>(ArtifactStore.empty(), ArtifactStore.fold());

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                Artifact.CHUNK_BYTES - 1,
                Artifact.CHUNK_BYTES,
                Artifact.CHUNK_BYTES + 1,
                9 * Artifact.CHUNK_BYTES + 7
            })
    void aJarComesBackByteForByteOnANodeThatNeverSawIt(int bytes) throws IOException {
        Path jar = jar(bytes);
        Artifact artifact = store("here").put(jar);

        Path copy = store("elsewhere").load(artifact.sha256());

        assertThat(copy).hasSameBinaryContentAs(jar);
        assertThat(artifact.chunks()).isEqualTo((bytes + Artifact.CHUNK_BYTES - 1) / Artifact.CHUNK_BYTES);
    }

    @Test
    void theManifestIsTheLastEntry() throws IOException {
        Artifact artifact = store("here").put(jar(3 * Artifact.CHUNK_BYTES));

        assertThat(journal.log().getLast().key()).isEqualTo(artifact.sha256() + "/manifest");
        assertThat(journal.log()).hasSize(4);
    }

    @Test
    void aHalfUploadedJarDoesNotExist() throws IOException {
        Artifact artifact = store("here").put(jar(3 * Artifact.CHUNK_BYTES));
        MemoryJournal<ArtifactIndex> cutOff = new MemoryJournal<>(ArtifactStore.empty(), ArtifactStore.fold());
        journal.log().subList(0, 3).forEach(cutOff::append);

        ArtifactStore after = new ArtifactStore(cutOff, reader(cutOff), folder.resolve("after"));

        assertThat(after.find(artifact.sha256())).isEmpty();
        assertThatThrownBy(() -> after.load(artifact.sha256()))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("artifact-unknown"));
    }

    @Test
    void theSameJarIsStoredOnce() throws IOException {
        Path jar = jar(Artifact.CHUNK_BYTES + 5);
        store("here").put(jar);
        int entries = journal.log().size();

        store("here").put(jar);

        assertThat(journal.log()).hasSize(entries);
    }

    @Test
    void aChangedCopyIsFetchedAgain() throws IOException {
        Path jar = jar(Artifact.CHUNK_BYTES + 5);
        ArtifactStore store = store("here");
        String sha256 = store.put(jar).sha256();
        Path copy = store.load(sha256);
        try (RandomAccessFile damaged = new RandomAccessFile(copy.toFile(), "rw")) {
            damaged.write(~damaged.read());
        }

        assertThat(store.load(sha256)).hasSameBinaryContentAs(jar);
    }

    @Test
    void aStoredJarWithAMissingChunkIsRefusedAndNothingIsLeftInTheCache() throws IOException {
        String sha256 = store("here").put(jar(2 * Artifact.CHUNK_BYTES)).sha256();
        ArtifactStore holed = new ArtifactStore(
                journal,
                (artifact, sink) -> reader(journal).read(artifact, (index, chunk) -> {
                    if (index != 1) {
                        sink.accept(index, chunk);
                    }
                }),
                folder.resolve("holed"));

        assertThatThrownBy(() -> holed.load(sha256))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("artifact-corrupt"))
                .hasMessageContaining(sha256);
        try (Stream<Path> files = Files.list(folder.resolve("holed"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void aRemovedJarLeavesNoValueBehind() throws IOException {
        ArtifactStore store = store("here");
        String sha256 = store.put(jar(2 * Artifact.CHUNK_BYTES)).sha256();
        store.load(sha256);

        store.remove(sha256);

        assertThat(journal.compacted()).isNotEmpty().allMatch(entry -> entry.value() == null);
        assertThat(store.find(sha256)).isEmpty();
        assertThat(folder.resolve("here").resolve(sha256 + ".jar")).doesNotExist();
    }

    @Test
    void aJarAboveTheLimitIsRefusedWithTheLimit() throws IOException {
        Path jar = folder.resolve("large.jar");
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
            file.setLength(Artifact.LARGEST_BYTES + 1);
        }

        assertThatThrownBy(() -> store("here").put(jar))
                .isInstanceOfSatisfying(WeirException.class, e -> {
                    assertThat(e.code()).isEqualTo("artifact-too-large");
                    assertThat(e.status()).isEqualTo(413);
                })
                .hasMessageContaining("67108864");
        assertThat(journal.log()).isEmpty();
    }

    private Path jar(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(folder.resolve("job-" + bytes + ".jar"), content);
    }

    private ArtifactStore store(String cache) {
        return new ArtifactStore(journal, reader(journal), folder.resolve(cache));
    }

    private static ChunkReader reader(MemoryJournal<ArtifactIndex> journal) {
        return (artifact, sink) -> {
            for (Entry entry : journal.log()) {
                String index = entry.key().substring(entry.key().indexOf('/') + 1);
                if (entry.key().startsWith(artifact.sha256()) && !index.equals("manifest") && entry.value() != null) {
                    sink.accept(Integer.parseInt(index), entry.value());
                }
            }
        };
    }
}
