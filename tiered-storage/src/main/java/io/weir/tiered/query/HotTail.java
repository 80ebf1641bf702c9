package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.process.Deadline;
import io.weir.tiered.query.process.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The part of topics that is not in the archive, as Parquet chunks on local disk, shared between statements.
///
/// Chunks of a partition never overlap. Statements on the same partition share one reader: the second waits, then
/// finds the first one's chunks. A chunk is deleted when it is below the archive's end, when a larger one has taken
/// its place, or when the budget is exceeded; never while a statement holds it.
///
/// Safe for use by any thread. Lock order: a partition's reading lock, then `lock`.
final class HotTail implements AutoCloseable {
    /// Chunks that are not full are read again as one when there are more of them than this.
    private static final int MOST_PARTIAL_CHUNKS = 8;

    private final Path directory;
    private final long maxBytes;
    private final HotReader reader;
    private final ExecutorService readers;
    private final AtomicLong fileNumber = new AtomicLong();

    /// Guards the maps, all chunks' lease counts, and `uses`.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Source, List<HotChunk>> chunks = new HashMap<>();
    private final Map<Source, ReentrantLock> reading = new HashMap<>();
    private long uses;

    /// A partition of one life of a topic.
    private record Source(String topicId, int partition) {}

    /// @param directory private; emptied now
    /// @param maxBytes of one statement, and of all chunks that nobody holds
    /// @param parallel partitions read at the same time
    HotTail(Path directory, long maxBytes, int parallel, HotReader reader) throws IOException {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.reader = reader;
        Directories.delete(directory);
        Files.createDirectories(directory);
        this.readers = Executors.newFixedThreadPool(
                parallel,
                Thread.ofPlatform().daemon().name("sql-hot-reader-", 0).factory());
    }

    /// The chunks that hold the ranges, and may hold more on both sides. Blocks for as long as reading takes.
    ///
    /// @param committed per partition: chunks below are of no more use
    /// @throws HotReader.OffsetsGone see there
    /// @throws WeirException `hot-too-large`, `query-timeout`, `log-unavailable`
    HotLease acquire(
            TopicName topic,
            String topicId,
            Map<Integer, OffsetRange> ranges,
            Map<Integer, Long> committed,
            Deadline deadline) {
        HotLease lease = new HotLease(this::release);
        AtomicLong bytes = new AtomicLong();
        List<CompletableFuture<Void>> tasks = new ArrayList<>();
        ranges.forEach((partition, range) -> tasks.add(CompletableFuture.runAsync(
                () -> {
                    Source source = new Source(topicId, partition);
                    long useful = committed.getOrDefault(partition, 0L);
                    cover(lease, topic, source, range, useful, bytes, deadline);
                },
                readers)));
        try {
            CompletableFuture.allOf(tasks.toArray(CompletableFuture<?>[]::new)).join();
            return lease;
        } catch (CompletionException e) {
            lease.close();
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        } finally {
            evict();
        }
    }

    private void cover(
            HotLease lease,
            TopicName topic,
            Source source,
            OffsetRange range,
            long committed,
            AtomicLong bytes,
            Deadline deadline) {
        ReentrantLock one = readingLock(source);
        one.lock();
        try {
            dropBelow(source, committed);
            List<OffsetRange> gaps = gaps(source, range, true);
            do {
                for (OffsetRange gap : gaps) {
                    List<HotChunk> read = reader.read(
                            topic,
                            source.partition(),
                            gap,
                            (partition, first) -> path(source, first),
                            written -> checkBudget(topic, bytes.get() + written),
                            deadline);
                    keep(source, read);
                }
                // Between reading and leasing another statement may have made room for its own chunks.
                gaps = leaseUnlessGaps(lease, source, range, bytes);
            } while (!gaps.isEmpty());
            checkBudget(topic, bytes.get());
        } finally {
            one.unlock();
        }
    }

    private ReentrantLock readingLock(Source source) {
        lock.lock();
        try {
            return reading.computeIfAbsent(source, key -> new ReentrantLock());
        } finally {
            lock.unlock();
        }
    }

    /// Ranges that no chunk holds.
    ///
    /// @param merging count too many small chunks as none, so that they are read again as one
    private List<OffsetRange> gaps(Source source, OffsetRange wanted, boolean merging) {
        lock.lock();
        try {
            List<HotChunk> known = chunks.getOrDefault(source, List.of());
            List<HotChunk> partial = known.stream()
                    .filter(chunk -> !chunk.isFull())
                    .filter(chunk -> overlaps(chunk.range(), wanted))
                    .toList();
            List<HotChunk> counting = merging && partial.size() > MOST_PARTIAL_CHUNKS
                    ? known.stream().filter(chunk -> !partial.contains(chunk)).toList()
                    : known;
            List<OffsetRange> gaps = new ArrayList<>();
            long next = wanted.from();
            for (HotChunk chunk : counting) {
                if (chunk.range().to() <= next || chunk.range().from() >= wanted.to()) {
                    continue;
                }
                if (next < chunk.range().from()) {
                    gaps.add(new OffsetRange(next, chunk.range().from()));
                }
                next = Math.max(next, chunk.range().to());
            }
            if (next < wanted.to()) {
                gaps.add(new OffsetRange(next, wanted.to()));
            }
            return gaps;
        } finally {
            lock.unlock();
        }
    }

    /// Adds new chunks; chunks that lie within a new one retire.
    private void keep(Source source, List<HotChunk> fresh) {
        lock.lock();
        try {
            List<HotChunk> known = chunks.computeIfAbsent(source, key -> new ArrayList<>());
            for (HotChunk old : List.copyOf(known)) {
                if (fresh.stream().anyMatch(chunk -> overlaps(chunk.range(), old.range()))) {
                    known.remove(old);
                    retire(old);
                }
            }
            fresh.forEach(chunk -> chunk.lastUse = ++uses);
            known.addAll(fresh);
            known.sort(Comparator.comparingLong(chunk -> chunk.range().from()));
        } finally {
            lock.unlock();
        }
    }

    /// Takes all chunks of the range at once, or none and tells what is missing.
    private List<OffsetRange> leaseUnlessGaps(HotLease lease, Source source, OffsetRange range, AtomicLong bytes) {
        lock.lock();
        try {
            List<OffsetRange> missing = gaps(source, range, false);
            if (!missing.isEmpty()) {
                return missing;
            }
            for (HotChunk chunk : chunks.getOrDefault(source, List.of())) {
                if (overlaps(chunk.range(), range)) {
                    chunk.leases++;
                    chunk.lastUse = ++uses;
                    lease.add(chunk);
                    bytes.addAndGet(chunk.bytes());
                }
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    private void release(List<HotChunk> held) {
        lock.lock();
        try {
            for (HotChunk chunk : held) {
                chunk.leases--;
                if (chunk.retired && chunk.leases == 0) {
                    delete(chunk);
                }
            }
        } finally {
            lock.unlock();
        }
        evict();
    }

    private void dropBelow(Source source, long committed) {
        lock.lock();
        try {
            chunks.getOrDefault(source, new ArrayList<>()).removeIf(chunk -> {
                boolean archived = chunk.range().to() <= committed;
                if (archived) {
                    retire(chunk);
                }
                return archived;
            });
        } finally {
            lock.unlock();
        }
    }

    /// Drops the chunks that were not used for longest, until the rest fits the budget.
    private void evict() {
        lock.lock();
        try {
            long total = chunks.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(HotChunk::bytes)
                    .sum();
            List<HotChunk> oldestFirst = chunks.values().stream()
                    .flatMap(List::stream)
                    .filter(chunk -> chunk.leases == 0)
                    .sorted(Comparator.comparingLong(chunk -> chunk.lastUse))
                    .toList();
            for (HotChunk chunk : oldestFirst) {
                if (total <= maxBytes) {
                    return;
                }
                total -= chunk.bytes();
                chunks.values().forEach(known -> known.remove(chunk));
                retire(chunk);
            }
        } finally {
            lock.unlock();
        }
    }

    private void retire(HotChunk chunk) {
        chunk.retired = true;
        if (chunk.leases == 0) {
            delete(chunk);
        }
    }

    private static void delete(HotChunk chunk) {
        chunk.file().ifPresent(file -> file.toFile().delete());
    }

    private void checkBudget(TopicName topic, long bytes) {
        if (bytes > maxBytes) {
            throw new WeirException(
                    "hot-too-large",
                    Whose.USER,
                    422,
                    "Topic '" + topic + "': more than " + bytes + " bytes are not in the archive, the limit is "
                            + maxBytes + ". Tier the topic, or raise 'weir.sql.hot.max-bytes'.",
                    null);
        }
    }

    private Path path(Source source, long firstOffset) {
        try {
            Path folder =
                    Files.createDirectories(directory.resolve(source.topicId()).resolve("p" + source.partition()));
            return folder.resolve("%020d-%d.parquet".formatted(firstOffset, fileNumber.incrementAndGet()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean overlaps(OffsetRange a, OffsetRange b) {
        return a.from() < b.to() && b.from() < a.to();
    }

    @Override
    public void close() {
        readers.shutdownNow();
        Directories.delete(directory);
    }
}
