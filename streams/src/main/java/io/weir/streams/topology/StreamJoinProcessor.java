package io.weir.streams.topology;

import io.weir.streams.dsl.JoinKind;
import io.weir.streams.dsl.Stage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Joins two streams behind one late gate(). Each row waits in the store for matches of the other side, until
/// none can come any more: a row at t is forgotten, and passed on alone if it has found no match and the
/// kind of the join says so, once `t + within + grace < time`. A row at t is late once
/// `t + grace < time`.
final class StreamJoinProcessor extends GatedProcessor {
    private static final byte LEFT_ROW = 1;
    private static final byte RIGHT_ROW = 2;
    /// A row that will be forgotten; first the time, then the number of the row.
    private static final byte LEFT_TIME = 3;

    private static final byte RIGHT_TIME = 4;
    private static final byte UNMATCHED = 0;
    private static final byte MATCHED = 1;

    private final Stage.StreamJoin stage;
    private final RowFormat keys;
    private final RowFormat leftRows;
    private final RowFormat rightRows;
    private final LateRows lateLeft;
    private final LateRows lateRight;
    private final LongAdder in;

    StreamJoinProcessor(
            Stage.StreamJoin stage, RowFormat keys, RowFormat leftRows, RowFormat rightRows, StageCounters counters) {
        super(stage.name(), time -> time + stage.graceMillis() + 1);
        this.stage = stage;
        this.keys = keys;
        this.leftRows = leftRows;
        this.rightRows = rightRows;
        boolean kept = stage.late() != null;
        this.lateLeft = new LateRows(stage, kept ? Sided.lateNode(stage.name(), true) : null, counters);
        this.lateRight = new LateRows(stage, kept ? Sided.lateNode(stage.name(), false) : null, counters);
        this.in = counters.in(stage.name());
    }

    @Override
    public void process(Record<Object, Object> record) {
        in.increment();
        Sided sided = (Sided) record.value();
        if (record.key() == null) {
            throw new StageFailure(stage.name(), "a row needs a key to be joined, got null. Use keyBy.", null);
        }
        if (gate().isLate(record.timestamp())) {
            LateRows late = sided.left() ? lateLeft : lateRight;
            late.turnAway(record.withValue(sided.row()), gate(), context());
            return;
        }
        advance(record.timestamp());
        byte[] key = Objects.requireNonNull(keys.write(record.key()));
        List<KeyValue<Bytes, byte[]>> others = between(
                sided.left() ? RIGHT_ROW : LEFT_ROW,
                key,
                record.timestamp() - stage.withinMillis(),
                record.timestamp() + stage.withinMillis());
        keep(sided, key, record.timestamp(), !others.isEmpty());
        for (KeyValue<Bytes, byte[]> other : others) {
            if (other.value[0] == UNMATCHED) {
                byte[] matched = other.value.clone();
                matched[0] = MATCHED;
                store().put(other.key, matched);
            }
            long time = Math.max(record.timestamp(), StoreKeys.timeOfKey(other.key));
            passOn(record.key(), sided.row(), row(!sided.left(), other.value), sided.left(), time);
        }
    }

    private void keep(Sided sided, byte[] key, long time, boolean matched) {
        byte kind = sided.left() ? LEFT_ROW : RIGHT_ROW;
        List<KeyValue<Bytes, byte[]>> equals = between(kind, key, time, time);
        long number = equals.isEmpty() ? 0 : StoreKeys.numberOfKey(equals.getLast().key) + 1;
        byte[] row = Objects.requireNonNull((sided.left() ? leftRows : rightRows).write(sided.row()));
        byte[] value = ByteBuffer.allocate(1 + row.length)
                .put(matched ? MATCHED : UNMATCHED)
                .put(row)
                .array();
        store().put(StoreKeys.ofKey(kind, key, time, number), value);
        store().put(StoreKeys.ofTime(sided.left() ? LEFT_TIME : RIGHT_TIME, time, number, key), new byte[0]);
    }

    private void advance(long time) {
        if (time <= gate().timeMillis()) {
            return;
        }
        gate().advance(time);
        long before = time - stage.withinMillis() - stage.graceMillis();
        if (before > 0) {
            forget(LEFT_TIME, LEFT_ROW, before);
            forget(RIGHT_TIME, RIGHT_ROW, before);
        }
    }

    private void forget(byte timeKind, byte rowKind, long beforeMillis) {
        boolean left = rowKind == LEFT_ROW;
        boolean alone = left ? stage.kind() != JoinKind.INNER : stage.kind() == JoinKind.OUTER;
        Bytes from = StoreKeys.ofTime(timeKind, 0, 0, new byte[0]);
        Bytes to = StoreKeys.ofTime(timeKind, beforeMillis, 0, new byte[0]);
        StoreRange.drain(store(), from, to, entry -> {
            store().delete(entry.key);
            byte[] key = StoreKeys.key(entry.key);
            long time = StoreKeys.time(entry.key);
            byte[] value = store().delete(StoreKeys.ofKey(rowKind, key, time, StoreKeys.number(entry.key)));
            if (alone && value != null && value[0] == UNMATCHED) {
                passOn(Objects.requireNonNull(keys.read(key)), row(left, value), null, left, time);
            }
        });
    }

    /// @param left whether `row` is of the left side, and `match` of the right one
    private void passOn(Object key, Object row, @Nullable Object match, boolean left, long time) {
        Match joined = left ? new Match(row, match) : new Match(match, row);
        context().forward(new Record<>(key, (Object) joined, time), Match.node(stage.name()));
    }

    private Object row(boolean left, byte[] value) {
        byte[] row = Arrays.copyOfRange(value, 1, value.length);
        return Objects.requireNonNull((left ? leftRows : rightRows).read(row));
    }

    private List<KeyValue<Bytes, byte[]>> between(byte kind, byte[] key, long fromMillis, long toMillis) {
        return StoreRange.read(
                store(),
                StoreKeys.ofKey(kind, key, fromMillis, 0),
                StoreKeys.ofKey(kind, key, toMillis + 1, 0),
                Integer.MAX_VALUE);
    }

    /// Moves event time to where no row waits any more.
    @Override
    void closeAll() {
        long last = -1;
        try (KeyValueIterator<Bytes, byte[]> entries = store().all()) {
            while (entries.hasNext()) {
                byte[] entry = entries.next().key.get();
                if (entry[0] == LEFT_TIME || entry[0] == RIGHT_TIME) {
                    last = Math.max(last, StoreKeys.time(Bytes.wrap(entry)));
                }
            }
        }
        if (last >= 0) {
            advance(last + stage.withinMillis() + stage.graceMillis() + 1);
        }
    }
}
