package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.query.process.Deadline;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files of the archive on the local disk, for archives that lie elsewhere: DuckDB reads local files only. A file
/// is fetched whole and checked, once however many statements want it at a time, and stays for the next ones as
/// long as there is room; a file that a statement reads does not go. The name of a file tells its content, so what
/// an earlier process fetched is taken over.
///
/// Thread-safe. Owns its folder and its threads, not the store.
public final class FileCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);
    private static final String UNFINISHED = ".part";
    private static final int READ_BYTES = 8 << 20;

    /// @param directory its own, absolute
    /// @param maxBytes of all files in it
    /// @param fetches at a time
    public record Settings(Path directory, long maxBytes, int fetches) {
        /// 2 GiB and two fetches at a time, in a folder beside this one.
        static Settings of(Path beside) {
            return new Settings(beside.resolveSibling(beside.getFileName() + "-cache"), 2L << 30, 2);
        }
    }

    private static final class Entry {
        final long bytes;
        final CompletableFuture<Void> present;
        int leases;

        Entry(long bytes, CompletableFuture<Void> present) {
            this.bytes = bytes;
            this.present = present;
        }
    }

    private final Settings settings;
    private final Supplier<ObjectStore> store;
    private final ExecutorService fetchers;
    private final AtomicLong attempts = new AtomicLong();

    /// By file, the longest unused first. Guards itself, `bytes` and the entries' leases.
    private final Map<Path, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private long bytes;

    /// @param store where the objects are; asked at each fetch
    FileCache(Settings settings, Supplier<ObjectStore> store) throws IOException {
        this.settings = settings;
        this.store = store;
        this.fetchers = Executors.newFixedThreadPool(
                settings.fetches(),
                Thread.ofPlatform().daemon().name("weir-sql-fetch-", 0).factory());
        Files.createDirectories(settings.directory());
        takeOver();
    }

    private void takeOver() throws IOException {
        try (Stream<Path> found = Files.list(settings.directory())) {
            for (Path file : found.toList()) {
                if (file.toString().endsWith(UNFINISHED)) {
                    Files.delete(file);
                } else {
                    long length = Files.size(file);
                    entries.put(file, new Entry(length, CompletableFuture.completedFuture(null)));
                    bytes += length;
                }
            }
        }
        synchronized (entries) {
            makeRoom(0);
        }
    }

    /// Files that stay where they are until the lease is closed.
    ///
    /// @param fetchedBytes that had to be fetched for it
    record Lease(FileCache cache, List<Path> files, long fetchedBytes) implements AutoCloseable {
        @Override
        public void close() {
            cache.release(files);
        }
    }

    /// Waits until the files are there; those that are read in place are.
    ///
    /// @param deadline when it is over the fetches go on, for the next statement
    /// @throws WeirException `plan-too-large`, `sql-cache-busy`, `archive-file-missing`, `archive-unavailable`,
    ///     `archive-corrupt`, `query-disk`
    Lease acquire(Collection<ColdFile> files, Deadline deadline) {
        List<ColdFile> stored =
                files.stream().filter(file -> file.object().isPresent()).toList();
        long needed = stored.stream().mapToLong(ColdFile::length).sum();
        if (needed > settings.maxBytes()) {
            throw new WeirException(
                    "plan-too-large",
                    Whose.USER,
                    422,
                    "SQL: the statement reads " + needed + " bytes of the archive, at most " + settings.maxBytes()
                            + " fit ('weir.sql.cache.max-bytes'). Ask for fewer offsets with 'asOf', or raise it.",
                    null);
        }
        Lease lease;
        List<Entry> wanted = new ArrayList<>();
        synchronized (entries) {
            lease = lease(stored, wanted);
        }
        try {
            for (Entry entry : wanted) {
                await(entry, deadline);
            }
            return lease;
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private Lease lease(List<ColdFile> stored, List<Entry> wanted) {
        List<Path> leased = new ArrayList<>();
        long fetched = 0;
        try {
            for (ColdFile file : stored) {
                Entry entry = entries.get(file.location());
                if (entry != null && entry.leases == 0 && entry.present.isCompletedExceptionally()) {
                    remove(file.location());
                    entry = null;
                }
                if (entry == null) {
                    makeRoom(file.length());
                    CompletableFuture<Void> present = new CompletableFuture<>();
                    entry = new Entry(file.length(), present);
                    entries.put(file.location(), entry);
                    bytes += file.length();
                    fetched += file.length();
                    fetchers.execute(() -> fetch(file, present));
                }
                entry.leases++;
                leased.add(file.location());
                wanted.add(entry);
            }
        } catch (RuntimeException e) {
            release(leased);
            throw e;
        }
        return new Lease(this, List.copyOf(leased), fetched);
    }

    /// Lets the longest unused files go. The lock is held.
    private void makeRoom(long needed) {
        List<Path> leaving = new ArrayList<>();
        long left = bytes;
        for (Map.Entry<Path, Entry> each : entries.entrySet()) {
            if (left + needed <= settings.maxBytes()) {
                break;
            }
            if (each.getValue().leases == 0 && each.getValue().present.isDone()) {
                leaving.add(each.getKey());
                left -= each.getValue().bytes;
            }
        }
        if (left + needed > settings.maxBytes()) {
            throw new WeirException(
                    "sql-cache-busy",
                    Whose.EXTERNAL,
                    "SQL: other statements read so much of the archive that there is no room for this one's files"
                            + " ('weir.sql.cache.max-bytes' is " + settings.maxBytes() + "). Try again.");
        }
        leaving.forEach(this::remove);
    }

    private void remove(Path file) {
        Entry entry = entries.remove(file);
        if (entry == null) {
            return;
        }
        bytes -= entry.bytes;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("File of the SQL cache could not be deleted file={} cause={}", file, e.getMessage());
        }
    }

    private void release(List<Path> files) {
        synchronized (entries) {
            for (Path file : files) {
                Entry entry = entries.get(file);
                if (entry == null) {
                    continue;
                }
                entry.leases--;
                if (entry.leases == 0 && entry.present.isCompletedExceptionally()) {
                    remove(file);
                }
            }
        }
    }

    /// Forgets files that turned out not to be what they should be.
    void forget(Collection<ColdFile> files) {
        synchronized (entries) {
            files.stream().filter(file -> file.object().isPresent()).forEach(file -> remove(file.location()));
        }
    }

    private static void await(Entry entry, Deadline deadline) {
        try {
            while (!deadline.isOver()) {
                try {
                    entry.present.get(Math.min(100, deadline.remainingMillis() + 1), TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    LOG.trace("Waiting for a file of the archive");
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof WeirException problem
                    ? new WeirException(
                            problem.code(),
                            problem.whose(),
                            problem.status(),
                            String.valueOf(problem.getMessage()),
                            problem)
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ChildProblems.cancelled();
        }
    }

    private void fetch(ColdFile file, CompletableFuture<Void> present) {
        Path unfinished = settings.directory()
                .resolve(file.location().getFileName() + "." + attempts.incrementAndGet() + UNFINISHED);
        try {
            copyInto(file, unfinished);
        } catch (WeirException e) {
            // whoever is told finds no remains
            deleteQuietly(unfinished);
            present.completeExceptionally(e);
            return;
        }
        present.complete(null);
    }

    private void copyInto(ColdFile file, Path unfinished) {
        try {
            copy(file, unfinished);
            Files.move(unfinished, file.location(), StandardCopyOption.ATOMIC_MOVE);
        } catch (ObjectNotFoundException e) {
            throw new WeirException("archive-file-missing", Whose.INTERNAL, "Archive: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new WeirException(
                    "query-disk",
                    Whose.EXTERNAL,
                    "SQL: a file of the archive cannot be written to '" + settings.directory() + "': " + e.getMessage(),
                    e);
        } catch (WeirException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new WeirException(
                    "archive-unavailable", Whose.EXTERNAL, "Archive: " + e.getMessage() + " Try again.", e);
        }
    }

    /// @throws IOException the store's
    /// @throws UncheckedIOException the local disk's
    private void copy(ColdFile file, Path target) throws IOException {
        String object = file.object().orElseThrow();
        ObjectStore from = store.get();
        MessageDigest digest = sha256();
        try (LocalFile out = LocalFile.create(target)) {
            for (long position = 0; position < file.length(); ) {
                int length = (int) Math.min(READ_BYTES, file.length() - position);
                byte[] read = from.read(object, position, length);
                digest.update(read);
                out.write(read);
                position += length;
            }
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!file.sha256().isEmpty() && !file.sha256().equals(found)) {
            throw new WeirException(
                    "archive-corrupt",
                    Whose.INTERNAL,
                    "Archive file '" + from.describe(object) + "': its SHA-256 is not the recorded one.");
        }
    }

    /// So that the local disk's errors are told from the store's.
    private record LocalFile(OutputStream out) implements AutoCloseable {
        static LocalFile create(Path file) {
            try {
                return new LocalFile(Files.newOutputStream(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void write(byte[] read) {
            try {
                out.write(read);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("Unfinished file could not be deleted file={}", file, e);
        }
    }

    @Override
    public void close() {
        fetchers.shutdownNow();
    }
}
