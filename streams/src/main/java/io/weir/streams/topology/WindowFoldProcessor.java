package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;

/// Folds rows into tumbling or hopping windows behind a late gate, and passes each window on once, when it
/// closes, or with every row.
///
/// State: one entry per open window and key; its key is the window start in 8 bytes, big endian, followed
/// by the bytes of the row's key, so that the windows that close together lie together. Closed windows
/// leave the store, and with it the compacted changelog. Why not the window stores of Streams:
/// docs/decisions/0004.
final class WindowFoldProcessor extends GatedFoldProcessor {
    private final Stage.WindowFold stage;
    private final AlignedWindows windows;
    private final Fold fold;
    private final RowFormat keys;
    private final WindowOutput output;
    private final LongAdder latePartial;

    WindowFoldProcessor(
            Stage.WindowFold stage, AlignedWindows windows, Fold fold, RowFormat keys, StageCounters counters) {
        super(stage, windows::lateFrom, counters);
        this.stage = stage;
        this.windows = windows;
        this.fold = fold;
        this.keys = keys;
        this.output = new WindowOutput(stage, counters);
        this.latePartial = counters.latePartial(stage.name());
    }

    @Override
    void foldIn(Record<Object, Object> record) {
        long time = record.timestamp();
        advance(time);
        byte[] key = Objects.requireNonNull(keys.write(record.key()));
        long closed = windows.lastClosedStart(gate().timeMillis());
        for (long start = windows.firstStart(time); start <= time; start += windows.everyMillis()) {
            if (start <= closed) {
                latePartial.increment();
            } else {
                add(record, key, start);
            }
        }
    }

    /// All that closes meanwhile is passed on in the order of start and key; what is new and closes at once never
    /// enters the store.
    @Override
    void foldIn(FoldedRows folded) {
        long closedBefore = windows.lastClosedStart(gate().timeMillis());
        gate().advance(folded.counts().gateMillis());
        long closedNow = windows.lastClosedStart(gate().timeMillis());
        long late = folded.counts().late();
        NavigableMap<Bytes, byte[]> closing = new TreeMap<>();
        if (closedNow > closedBefore) {
            StoreRange.drain(store(), from(closedBefore), from(closedNow), entry -> {
                store().delete(entry.key);
                closing.put(entry.key, entry.value);
            });
        }
        for (FoldedRows.Window window : folded.windows()) {
            if (window.startMillis() <= closedBefore) {
                late += window.rows();
                continue;
            }
            Bytes at = storeKey(window.startMillis(), window.key());
            if (window.startMillis() <= closedNow) {
                closing.merge(at, window.state(), this::merged);
            } else {
                byte[] kept = store().get(at);
                store().put(at, kept == null ? window.state() : merged(kept, window.state()));
            }
        }
        countLate(late);
        closing.forEach(this::passOn);
    }

    /// The state of a window whose earlier rows are in the store.
    private byte[] merged(byte[] earlier, byte[] later) {
        if (!(fold instanceof ColumnsFold columns) || !columns.isFarFromOverflow(earlier)) {
            throw RunContext.noted(context(), stage.name(), new FoldStopped(stage.name()));
        }
        return columns.merge("", earlier, later);
    }

    private void add(Record<Object, Object> record, byte[] key, long start) {
        Bytes at = storeKey(start, key);
        byte[] state;
        try {
            state = fold.add(store().get(at), record.key(), record.value(), record.timestamp());
        } catch (Error e) {
            throw RunContext.noted(context(), stage.name(), e);
        }
        store().put(at, state);
        if (stage.updates()) {
            output.forward(context(), record.key(), start, start + windows.sizeMillis(), state);
        }
    }

    private void advance(long time) {
        long closedBefore = windows.lastClosedStart(gate().timeMillis());
        gate().advance(time);
        long closedNow = windows.lastClosedStart(gate().timeMillis());
        if (closedNow > closedBefore) {
            close(closedBefore, closedNow);
        }
    }

    /// Moves event time to where every window that is open has closed.
    @Override
    void closeAll() {
        long last = -1;
        try (KeyValueIterator<Bytes, byte[]> entries = store().all()) {
            while (entries.hasNext()) {
                last = Math.max(last, ByteBuffer.wrap(entries.next().key.get()).getLong());
            }
        }
        if (last >= 0) {
            advance(last + windows.sizeMillis() + windows.graceMillis());
        }
    }

    /// Passes on the windows that start after `closedBefore` and not after `closedNow`, oldest first.
    private void close(long closedBefore, long closedNow) {
        StoreRange.drain(store(), from(closedBefore), from(closedNow), entry -> {
            store().delete(entry.key);
            if (!stage.updates()) {
                passOn(entry.key, entry.value);
            }
        });
    }

    /// Where the windows begin in the store that start later.
    private static Bytes from(long start) {
        return storeKey(start + 1, new byte[0]);
    }

    private void passOn(Bytes at, byte[] state) {
        ByteBuffer bytes = ByteBuffer.wrap(at.get());
        long start = bytes.getLong();
        byte[] key = new byte[bytes.remaining()];
        bytes.get(key);
        output.forward(context(), Objects.requireNonNull(keys.read(key)), start, start + windows.sizeMillis(), state);
    }

    /// Where the state of a window is kept.
    static Bytes storeKey(long windowStart, byte[] key) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(windowStart)
                .put(key)
                .array());
    }
}
