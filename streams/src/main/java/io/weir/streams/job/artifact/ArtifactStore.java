package io.weir.streams.job.artifact;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Fold;
import io.weir.log.journal.Journal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps job jars in the log and a copy of those that this node runs in a folder. Safe for use by any thread.
///
/// A jar is re-hashed each time it is loaded: a cached file that was changed is fetched again, and a stored one
/// that does not give its own hash is refused.
public final class ArtifactStore {
    /// Chunks per transaction: 4 MiB, far below what a producer buffers.
    private static final int CHUNKS_PER_WRITE = 8;

    private final Journal<ArtifactIndex> journal;
    private final ChunkReader chunks;
    private final Path cache;
    private final ReentrantLock cacheLock = new ReentrantLock();

    /// @param journal over `__weir_artifacts`; owned and closed by the caller
    /// @param cache folder for copies, made when needed; its contents may be deleted while no job runs
    public ArtifactStore(Journal<ArtifactIndex> journal, ChunkReader chunks, Path cache) {
        this.journal = journal;
        this.chunks = chunks;
        this.cache = cache;
    }

    /// The state of a journal that has not read anything.
    public static ArtifactIndex empty() {
        return ArtifactIndex.EMPTY;
    }

    /// How `__weir_artifacts` is read.
    public static Fold<ArtifactIndex> fold() {
        return ArtifactIndex.fold();
    }

    /// Stores a jar; the same bytes again change nothing.
    ///
    /// @param jar read once, never kept nor deleted
    /// @throws WeirException `artifact-too-large`
    public Artifact put(Path jar) {
        try {
            long bytes = Files.size(jar);
            Artifact.requireSize(bytes);
            Artifact artifact = new Artifact(Sha256.of(jar), bytes);
            if (journal.latest().find(artifact.sha256()).isEmpty()) {
                write(artifact, jar);
            }
            return artifact;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Artifact> find(String sha256) {
        return journal.latest().find(sha256);
    }

    /// A local copy of a stored artifact, its hash just checked.
    ///
    /// @throws WeirException `artifact-unknown` (404), or `artifact-corrupt` when chunks are missing or changed
    public Path load(String sha256) {
        Artifact artifact = find(sha256)
                .orElseThrow(() -> WeirException.notFound(
                        "artifact-unknown", "Artifact '" + sha256 + "': no such artifact is stored."));
        cacheLock.lock();
        try {
            Files.createDirectories(cache);
            Path copy = cache.resolve(sha256 + ".jar");
            if (!Files.isRegularFile(copy) || !Sha256.of(copy).equals(sha256)) {
                fetch(artifact, copy);
            }
            return copy;
        } catch (IOException e) {
            throw new WeirException(
                    "artifact-cache",
                    Whose.EXTERNAL,
                    "Artifact '" + sha256 + "': cannot be written to " + cache + ": " + e.getMessage() + ".",
                    e);
        } finally {
            cacheLock.unlock();
        }
    }

    /// Removes an artifact from the log and from this node. Unknown ones are ignored.
    public void remove(String sha256) {
        journal.write(index ->
                new Decision<>(index.find(sha256).map(ArtifactStore::tombstones).orElse(List.of()), true));
        forgetCopy(sha256);
    }

    /// Removes this node's copy only.
    public void forgetCopy(String sha256) {
        cacheLock.lock();
        try {
            Files.deleteIfExists(cache.resolve(sha256 + ".jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cacheLock.unlock();
        }
    }

    private static List<Entry> tombstones(Artifact artifact) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(ArtifactIndex.manifestKey(artifact.sha256()), null));
        for (int i = 0; i < artifact.chunks(); i++) {
            entries.add(new Entry(ArtifactIndex.chunkKey(artifact.sha256(), i), null));
        }
        return entries;
    }

    private void write(Artifact artifact, Path jar) throws IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            List<Entry> entries = new ArrayList<>();
            for (int i = 0; i < artifact.chunks(); i++) {
                byte[] chunk = in.readNBytes(Artifact.CHUNK_BYTES);
                entries.add(new Entry(ArtifactIndex.chunkKey(artifact.sha256(), i), chunk));
                if (entries.size() == CHUNKS_PER_WRITE) {
                    append(entries);
                    entries = new ArrayList<>();
                }
            }
            entries.add(new Entry(ArtifactIndex.manifestKey(artifact.sha256()), ArtifactIndex.manifest(artifact)));
            append(entries);
        }
    }

    private void append(List<Entry> entries) {
        List<Entry> written = List.copyOf(entries);
        journal.write(index -> new Decision<>(written, true));
    }

    private void fetch(Artifact artifact, Path copy) throws IOException {
        Path partial = Files.createTempFile(cache, artifact.sha256(), ".part");
        try {
            try (FileChannel file = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                chunks.read(artifact, (index, chunk) -> place(file, index, chunk));
            }
            if (Files.size(partial) != artifact.bytes() || !Sha256.of(partial).equals(artifact.sha256())) {
                throw new WeirException(
                        "artifact-corrupt",
                        Whose.EXTERNAL,
                        "Artifact '" + artifact.sha256() + "': the stored chunks do not give its hash, got "
                                + Files.size(partial) + " of " + artifact.bytes() + " bytes. Upload the jar again.");
            }
            Files.move(partial, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void place(FileChannel file, int index, byte[] chunk) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(chunk);
            long position = (long) index * Artifact.CHUNK_BYTES;
            while (buffer.hasRemaining()) {
                position += file.write(buffer, position);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
