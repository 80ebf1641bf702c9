package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Folds rows into sliding windows behind a late gate: for each row the window that ends with it, and the
/// window that begins right after it if that holds a row. Each is passed on once, when it closes, or with
/// every row.
///
/// The rows are kept, and a window is folded from them in the order of time when it closes: its result does
/// not depend on the order of arrival. A row at t is late, and the window that ends at t closed, once
/// `t + grace < time`.
final class SlidingFoldProcessor extends GatedFoldProcessor {
    /// The kind of the entries that are rows.
    static final byte ROW = 1;

    /// A window that will close; the time is its last millisecond.
    private static final byte WINDOW_END = 2;
    /// Rows that no window needs any longer at some time.
    private static final byte ROW_TIME = 3;

    private final Stage.WindowFold stage;
    private final long differenceMillis;
    private final Fold fold;
    private final RowFormat keys;
    private final RowFormat rows;
    private final WindowOutput output;

    SlidingFoldProcessor(
            Stage.WindowFold stage,
            long differenceMillis,
            Fold fold,
            RowFormat keys,
            RowFormat rows,
            StageCounters counters) {
        super(stage, time -> time + stage.graceMillis() + 1, counters);
        this.stage = stage;
        this.differenceMillis = differenceMillis;
        this.fold = fold;
        this.keys = keys;
        this.rows = rows;
        this.output = new WindowOutput(stage, counters);
    }

    @Override
    void foldIn(Record<Object, Object> record) {
        long time = record.timestamp();
        Object row = record.value();
        advance(time);
        byte[] key = Objects.requireNonNull(keys.write(record.key()));
        keep(key, time, Objects.requireNonNull(rows.write(row)));
        for (long end : windowEnds(key, time)) {
            store().put(StoreKeys.ofTime(WINDOW_END, end, 0, key), new byte[0]);
            if (stage.updates()) {
                passOn(key, end);
            }
        }
    }

    private void keep(byte[] key, long time, byte[] row) {
        List<KeyValue<Bytes, byte[]>> equals = rowsOf(key, time, time);
        long number = equals.isEmpty() ? 0 : StoreKeys.numberOfKey(equals.getLast().key) + 1;
        store().put(StoreKeys.ofKey(ROW, key, time, number), row);
        store().put(StoreKeys.ofTime(ROW_TIME, time, 0, key), new byte[0]);
    }

    /// The last milliseconds of all windows that hold a row of that time.
    private Set<Long> windowEnds(byte[] key, long time) {
        Set<Long> ends = new TreeSet<>();
        for (KeyValue<Bytes, byte[]> entry : rowsOf(key, time - differenceMillis - 1, time + differenceMillis + 1)) {
            long other = StoreKeys.timeOfKey(entry.key);
            if (other < time) {
                ends.add(other + 1 + differenceMillis);
            } else if (other <= time + differenceMillis) {
                ends.add(Math.max(other, differenceMillis));
            }
            if (other > time) {
                ends.add(time + 1 + differenceMillis);
            }
        }
        return ends;
    }

    private List<KeyValue<Bytes, byte[]>> rowsOf(byte[] key, long fromMillis, long toMillis) {
        return StoreRange.read(
                store(),
                StoreKeys.ofKey(ROW, key, fromMillis, 0),
                StoreKeys.ofKey(ROW, key, toMillis + 1, 0),
                Integer.MAX_VALUE);
    }

    private void passOn(byte[] key, long end) {
        Object readKey = Objects.requireNonNull(keys.read(key));
        byte @Nullable [] state = null;
        try {
            for (KeyValue<Bytes, byte[]> entry : rowsOf(key, end - differenceMillis, end)) {
                Object row = Objects.requireNonNull(rows.read(entry.value));
                state = fold.add(state, readKey, row, StoreKeys.timeOfKey(entry.key));
            }
        } catch (Error e) {
            throw RunContext.noted(context(), stage.name(), e);
        }
        if (state != null) {
            output.forward(context(), readKey, end - differenceMillis, end + 1, state);
        }
    }

    private void advance(long time) {
        if (time <= gate().timeMillis()) {
            return;
        }
        gate().advance(time);
        drain(WINDOW_END, time - stage.graceMillis(), entry -> {
            if (!stage.updates()) {
                passOn(StoreKeys.key(entry), StoreKeys.time(entry));
            }
        });
        drain(ROW_TIME, time - stage.graceMillis() - differenceMillis - 1, entry -> {
            for (KeyValue<Bytes, byte[]> row :
                    rowsOf(StoreKeys.key(entry), StoreKeys.time(entry), StoreKeys.time(entry))) {
                store().delete(row.key);
            }
        });
    }

    private void drain(byte kind, long beforeMillis, Consumer<Bytes> action) {
        if (beforeMillis <= 0) {
            return;
        }
        Bytes from = StoreKeys.ofTime(kind, 0, 0, new byte[0]);
        Bytes to = StoreKeys.ofTime(kind, beforeMillis, 0, new byte[0]);
        List<Bytes> due = new ArrayList<>();
        StoreRange.drain(store(), from, to, entry -> {
            store().delete(entry.key);
            due.add(entry.key);
        });
        due.forEach(action);
    }

    /// Moves event time to where every window that is open has closed.
    @Override
    void closeAll() {
        long last = -1;
        try (KeyValueIterator<Bytes, byte[]> entries = store().range(
                        StoreKeys.ofTime(WINDOW_END, 0, 0, new byte[0]),
                        StoreKeys.ofTime(ROW_TIME, 0, 0, new byte[0]))) {
            while (entries.hasNext()) {
                last = StoreKeys.time(entries.next().key);
            }
        }
        if (last >= 0) {
            advance(last + stage.graceMillis() + 1);
        }
    }
}
