package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import io.weir.tiered.segment.ClassicObject;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.RangeSource;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Time;

/// Opens cold segments and decodes their row groups, and keeps both across fetches: Kafka drops the result of
/// a
/// read that takes too long and asks again, so the second time must find the work done. Safe for use by any
/// thread. Owns its decoding threads.
final class ColdReader implements AutoCloseable {
    private static final long SEGMENT_CACHE_BYTES = 64L * 1024 * 1024;
    private static final long CHUNK_CACHE_BYTES = 64L * 1024 * 1024;

    /// Stored bytes of row groups of which parts are being decoded.
    private static final long GROUP_CACHE_BYTES = 64L * 1024 * 1024;

    /// Pages (of 20,000 rows) that are decoded together for a reader who goes on reading.
    private static final int STRETCH = 4;

    /// Who has read so many single pages one after the other goes on reading.
    private static final int PAGES_IN_A_ROW = 3;
    /// A sidecar that was replaced, on whatever node, is served no longer than this.
    static final Duration SIDECARS_LOOKED_AT_AGAIN = Duration.ofSeconds(10);
    /// A decode may take this much longer than one call of the store.
    private static final int DECODE_FACTOR = 4;

    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final Duration patience;
    private final ExecutorService decoders;
    private final ExecutorService openers;
    private final ArchiveMetrics metrics;
    private final Time time;
    private final LoadingCache<UUID, Opened> segments;
    private final LoadingCache<GroupKey, byte[]> groups;
    private final LoadingCache<PartKey, DecodedRows> parts;

    private final LoadingCache<ChunkKey, byte[]> chunks;

    /// @param lookedAtNanos when its sidecar was last known to be the one in the store
    private record Opened(ColdSegment segment, AtomicLong lookedAtNanos) {
        long sizeBytes() {
            return segment.sizeBytes();
        }
    }

    private record ChunkKey(UUID segment, int number) {}

    private record GroupKey(UUID segment, int generation, int number) {}

    /// Pages `[firstPage, firstPage + pages)` of a row group.
    private record PartKey(GroupKey group, int firstPage, int pages) {}

    /// @param openers reads sidecars and footers; another pool than `decoders`, so that neither waits for the
    ///     other
    ColdReader(
            ObjectStore store,
            ArchiveSettings settings,
            ExecutorService openers,
            ExecutorService decoders,
            Time time,
            ArchiveMetrics metrics) {
        this.time = time;
        this.store = store;
        this.layout = new ArchiveLayout(settings.clusterId(), settings.namespace());
        this.patience = settings.storeDeadline().multipliedBy(DECODE_FACTOR);
        this.openers = openers;
        this.decoders = decoders;
        this.metrics = metrics;
        this.segments = new LoadingCache<>(SEGMENT_CACHE_BYTES, Opened::sizeBytes, openers);
        this.groups = new LoadingCache<>(
                Math.min(GROUP_CACHE_BYTES, settings.cacheBytes() / 4), group -> group.length, openers);
        this.parts = new LoadingCache<>(settings.cacheBytes(), DecodedRows::sizeBytes, decoders);
        this.chunks =
                new LoadingCache<>(Math.min(CHUNK_CACHE_BYTES, settings.cacheBytes()), chunk -> chunk.length, openers);
    }

    /// @param expected what the broker remembers of the sidecar
    ColdSegment open(SegmentAddress address, Optional<CustomMetadata> expected) throws IOException {
        Opened opened = opened(address, expected);
        if (time.nanoseconds() - opened.lookedAtNanos().get() > SIDECARS_LOOKED_AT_AGAIN.toNanos()) {
            if (isReplaced(opened.segment())) {
                segments.invalidate(address.segment());
                opened = opened(address, expected);
            } else {
                opened.lookedAtNanos().set(time.nanoseconds());
            }
        }
        return opened.segment();
    }

    private Opened opened(SegmentAddress address, Optional<CustomMetadata> expected) throws IOException {
        return await(
                segments.get(
                        address.segment(),
                        () -> new Opened(load(address, expected), new AtomicLong(time.nanoseconds()))),
                address.describe());
    }

    /// Whether the sidecar in the store is another one by now: rows were erased, or lie in another file.
    private boolean isReplaced(ColdSegment segment) throws IOException {
        String path = layout.sidecar(segment.sidecar().address());
        byte[] start = store.read(path, 0, Sidecar.GENERATION_KNOWN_FROM);
        return Sidecar.generation(start) != segment.sidecar().generation();
    }

    private ColdSegment load(SegmentAddress address, Optional<CustomMetadata> expected) throws IOException {
        String path = layout.sidecar(address);
        String name = store.describe(path);
        RangeSource source = (position, length) -> store.read(path, position, length);
        Sidecar sidecar = Sidecar.open(name, source, store.length(path));
        if (!sidecar.address().equals(address)) {
            throw new CorruptSegmentException("Sidecar '" + name + "': must belong to " + address.describe()
                    + ", belongs to " + sidecar.address().describe() + ".");
        }
        if (sidecar.generation() == 0 && expected.isPresent()) {
            CustomMetadata known = expected.get();
            if (known.sidecarBytes() != (int) sidecar.lengthBytes() || known.footerCrc32c() != sidecar.footerCrc32c()) {
                throw new CorruptSegmentException(
                        "Sidecar '" + name + "': is not the one that was copied (length or checksum differ).");
            }
        }
        return ColdSegment.open(sidecar, this::dataFile);
    }

    private RangeSource dataFile(String listed) {
        String path = layout.listed(listed);
        return (position, length) -> store.read(path, position, length);
    }

    /// Decoded rows from `offset` on. A reader who goes on reading gets some pages together, and those behind them are
    /// begun, too; one who comes from elsewhere gets one page: a seek need not pay for more.
    ///
    /// @param offset not behind the group's last row
    DecodedRows rows(ColdSegment segment, ColdSegment.RowGroup group, long offset) throws IOException {
        int page = group.pages().reaching(offset);
        CompletableFuture<DecodedRows> rows = goesOn(segment, group, page, offset)
                ? stretchAndNext(segment, group, page / STRETCH)
                : part(segment, group, page, 1, true);
        try {
            return await(rows, segment.sidecar().address().describe());
        } catch (ObjectNotFoundException e) {
            // its rows lie elsewhere by now: whoever asks again finds them
            forget(segment.sidecar().address());
            throw e;
        }
    }

    private boolean goesOn(ColdSegment segment, ColdSegment.RowGroup group, int page, long offset) {
        int stretch = page / STRETCH;
        if (parts.contains(stretch(segment, group, stretch))
                || offset <= group.listed().firstOffset()) {
            return true;
        }
        if (parts.contains(page(segment, group, page))) {
            return false;
        }
        if (stretch > 0 && parts.contains(stretch(segment, group, stretch - 1))) {
            return true;
        }
        if (stretch == 0 && group.number() > 0) {
            ColdSegment.RowGroup before = segment.rowGroups().get(group.number() - 1);
            if (parts.contains(stretch(segment, before, (before.pages().count() - 1) / STRETCH))) {
                return true;
            }
        }
        for (int back = 1; back <= PAGES_IN_A_ROW; back++) {
            if (page < back || !parts.contains(page(segment, group, page - back))) {
                return false;
            }
        }
        return true;
    }

    private CompletableFuture<DecodedRows> stretchAndNext(
            ColdSegment segment, ColdSegment.RowGroup group, int stretch) {
        CompletableFuture<DecodedRows> rows = part(segment, group, stretch * STRETCH, STRETCH, true);
        List<ColdSegment.RowGroup> all = segment.rowGroups();
        // what is begun ahead shows its failure, if any, when it is asked for
        if ((stretch + 1) * STRETCH < group.pages().count()) {
            CompletableFuture<DecodedRows> unused = part(segment, group, (stretch + 1) * STRETCH, STRETCH, false);
        } else if (group.number() + 1 < all.size()) {
            CompletableFuture<DecodedRows> unused = part(segment, all.get(group.number() + 1), 0, STRETCH, false);
        }
        return rows;
    }

    private CompletableFuture<DecodedRows> part(
            ColdSegment segment, ColdSegment.RowGroup group, int firstPage, int pages, boolean asked) {
        int end = Math.min(group.pages().count(), firstPage + pages);
        PartKey key = new PartKey(key(segment, group), firstPage, pages);
        if (asked) {
            (parts.contains(key) ? metrics.cacheHits : metrics.cacheMisses).increment();
        }
        return parts.get(key, () -> group.decode(bytes(segment, group), firstPage, end));
    }

    private byte[] bytes(ColdSegment segment, ColdSegment.RowGroup group) throws IOException {
        return await(
                groups.get(key(segment, group), group::bytes),
                segment.sidecar().address().describe());
    }

    private static PartKey stretch(ColdSegment segment, ColdSegment.RowGroup group, int stretch) {
        return new PartKey(key(segment, group), stretch * STRETCH, STRETCH);
    }

    private static PartKey page(ColdSegment segment, ColdSegment.RowGroup group, int page) {
        return new PartKey(key(segment, group), page, 1);
    }

    /// A chunk of a segment that is stored as it is, proven; starts to read the one behind it, too.
    byte[] chunk(ColdSegment segment, ClassicObject object, int number) throws IOException {
        SegmentAddress address = segment.sidecar().address();
        ChunkKey key = new ChunkKey(address.segment(), number);
        (chunks.contains(key) ? metrics.cacheHits : metrics.cacheMisses).increment();
        CompletableFuture<byte[]> chunk = chunks.get(key, () -> provenChunk(address, object, number));
        if (number + 1 < object.chunks()) {
            CompletableFuture<byte[]> unused = chunks.get(
                    new ChunkKey(address.segment(), number + 1), () -> provenChunk(address, object, number + 1));
        }
        return await(chunk, address.describe());
    }

    private byte[] provenChunk(SegmentAddress address, ClassicObject object, int number) throws IOException {
        String path = layout.classic(address);
        byte[] bytes = store.read(path, object.positionOf(number), object.lengthOf(number));
        return object.proven(number, bytes, store.describe(path));
    }

    private static GroupKey key(ColdSegment segment, ColdSegment.RowGroup group) {
        return new GroupKey(
                segment.sidecar().address().segment(), segment.sidecar().generation(), group.number());
    }

    /// Forgets what is kept of a segment.
    void forget(SegmentAddress address) {
        segments.invalidate(address.segment());
    }

    private <T> T await(CompletableFuture<T> value, String what) throws IOException {
        try {
            return value.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("Archive, " + what + ": not read within " + patience + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Archive, " + what + ": interrupted.").initCause(e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof CorruptSegmentException corrupt) {
                throw new CorruptSegmentException(String.valueOf(corrupt.getMessage()), corrupt);
            }
            if (cause instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("Archive, " + what + ": " + cause, cause);
        }
    }

    @Override
    public void close() {
        decoders.shutdownNow();
        openers.shutdownNow();
    }
}
