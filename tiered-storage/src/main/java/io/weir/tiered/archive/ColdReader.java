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
import java.util.concurrent.Callable;
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
    private final LoadingCache<RowGroupKey, DecodedRows> rowGroups;

    private final LoadingCache<ChunkKey, byte[]> chunks;
    private final int sliceRows;

    /// @param lookedAtNanos when its sidecar was last known to be the one in the store
    private record Opened(ColdSegment segment, AtomicLong lookedAtNanos) {
        long sizeBytes() {
            return segment.sizeBytes();
        }
    }

    private record ChunkKey(UUID segment, int number) {}

    /// @param slice number of the part of the group that is decoded; [#WHOLE] for all of it
    private record RowGroupKey(UUID segment, int generation, int number, int slice) {}

    private static final int WHOLE = -1;

    /// For so many bytes of a row group one row is decoded for a reader who comes from elsewhere: 8192 rows of a group
    /// of 64 MiB. A seek need not pay for the whole group.
    private static final int GROUP_BYTES_PER_SLICE_ROW = 8192;

    private static final int LEAST_SLICE_ROWS = 4;

    /// Who has read so many slices one after the other goes on reading: the group is decoded as a whole.
    private static final int SLICES_IN_A_ROW = 4;

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
        this.sliceRows =
                (int) Math.clamp(settings.rowGroupBytes() / GROUP_BYTES_PER_SLICE_ROW, LEAST_SLICE_ROWS, 1 << 16);
        this.openers = openers;
        this.decoders = decoders;
        this.metrics = metrics;
        this.segments = new LoadingCache<>(SEGMENT_CACHE_BYTES, Opened::sizeBytes, openers);
        this.rowGroups = new LoadingCache<>(settings.cacheBytes(), DecodedRows::sizeBytes, decoders);
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

    /// Decoded rows from `offset` on. A reader who comes from the group before, or has read some slices of this one,
    /// gets the whole group, and the group behind it is begun, too; one who comes from elsewhere gets a slice.
    ///
    /// @param offset not behind the group's last row
    DecodedRows rows(ColdSegment segment, ColdSegment.RowGroup group, long offset) throws IOException {
        int slice = (int) (Math.max(0, offset - group.listed().firstOffset()) / sliceRows);
        CompletableFuture<DecodedRows> rows =
                isRandom(segment, group, slice) ? slice(segment, group, slice) : whole(segment, group);
        try {
            return await(rows, segment.sidecar().address().describe());
        } catch (ObjectNotFoundException e) {
            // its rows lie elsewhere by now: whoever asks again finds them
            forget(segment.sidecar().address());
            throw e;
        }
    }

    private boolean isRandom(ColdSegment segment, ColdSegment.RowGroup group, int slice) {
        if (slice == 0 || !group.isDense() || rowGroups.contains(key(segment, group.number(), WHOLE))) {
            return false;
        }
        for (int before = 1; before <= SLICES_IN_A_ROW; before++) {
            if (!rowGroups.contains(key(segment, group.number(), slice - before))) {
                return true;
            }
        }
        return rowGroups.contains(key(segment, group.number(), slice));
    }

    private CompletableFuture<DecodedRows> slice(ColdSegment segment, ColdSegment.RowGroup group, int slice) {
        long from = (long) slice * sliceRows;
        long to = Math.min(group.listed().rows(), from + sliceRows);
        return counted(key(segment, group.number(), slice), () -> group.decode(from, to));
    }

    private CompletableFuture<DecodedRows> whole(ColdSegment segment, ColdSegment.RowGroup group) {
        CompletableFuture<DecodedRows> rows = counted(key(segment, group.number(), WHOLE), group::decode);
        List<ColdSegment.RowGroup> all = segment.rowGroups();
        if (group.number() + 1 < all.size()) {
            ColdSegment.RowGroup next = all.get(group.number() + 1);
            // prefetch: its failure, if any, shows when it is asked for
            CompletableFuture<DecodedRows> unused = rowGroups.get(key(segment, next.number(), WHOLE), next::decode);
        }
        return rows;
    }

    private CompletableFuture<DecodedRows> counted(RowGroupKey key, Callable<DecodedRows> decode) {
        (rowGroups.contains(key) ? metrics.cacheHits : metrics.cacheMisses).increment();
        return rowGroups.get(key, decode);
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

    private static RowGroupKey key(ColdSegment segment, int number, int slice) {
        return new RowGroupKey(
                segment.sidecar().address().segment(), segment.sidecar().generation(), number, slice);
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
