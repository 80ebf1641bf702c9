package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.WindowKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Folds rows into tumbling windows behind a late gate, and passes each window on once, when it closes.
///
/// State: one entry per open window and key; its key is the window start in 8 bytes, big endian, followed
/// by the bytes of the row's key, so that the windows that close together lie together. Closed windows
/// leave the store, and with it the compacted changelog. Why not the window stores of Streams:
/// docs/decisions/0004.
final class WindowFoldProcessor extends ContextualProcessor<Object, Object, Object, Object> {
    private static final int MOST_AT_ONCE = 1_000;

    private final Stage.WindowFold stage;
    private final Fold fold;
    private final RowFormat keys;
    private final LongAdder in;
    private final LongAdder out;
    private final LongAdder late;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private KeyValueStore<Bytes, byte[]> windows;

    @SuppressWarnings("NullAway.Init") // as above
    private LateGate gate;

    WindowFoldProcessor(Stage.WindowFold stage, Fold fold, RowFormat keys, StageCounters counters) {
        this.stage = stage;
        this.fold = fold;
        this.keys = keys;
        this.in = counters.in(stage.name());
        this.out = counters.out(stage.name());
        this.late = counters.late(stage.name());
    }

    static String gateStore(Stage.WindowFold stage) {
        return stage.name() + "-gate";
    }

    static String finalsNode(Stage.WindowFold stage) {
        return stage.name() + "-finals";
    }

    static String lateNode(Stage.WindowFold stage) {
        return stage.name() + "-late";
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        windows = context.getStateStore(stage.name());
        gate = new LateGate(
                context.getStateStore(gateStore(stage)),
                context.taskId().partition(),
                stage.sizeMillis(),
                stage.graceMillis());
        if (context.appConfigs().get(JobContext.SETTING) instanceof JobContext job && job.closing() != null) {
            context.schedule(job.closing(), PunctuationType.WALL_CLOCK_TIME, now -> closeAll());
        }
    }

    @Override
    public void process(Record<Object, Object> record) {
        in.increment();
        Object row = record.value();
        if (row == null) {
            return;
        }
        if (record.key() == null) {
            throw new StageFailure(stage.name(), "a row needs a key to be folded, got null. Use keyBy.", null);
        }
        if (gate.isLate(record.timestamp())) {
            turnAway(record);
            return;
        }
        long closedBefore = gate.lastClosedStart();
        gate.advance(record.timestamp());
        if (gate.lastClosedStart() > closedBefore) {
            close(closedBefore, gate.lastClosedStart());
        }
        Bytes at = storeKey(gate.windowStart(record.timestamp()), Objects.requireNonNull(keys.write(record.key())));
        try {
            windows.put(at, fold.add(windows.get(at), row));
        } catch (Error e) {
            throw JobContext.noted(context(), stage.name(), e);
        }
    }

    /// Moves event time to where every window that is open has closed.
    private void closeAll() {
        long last = -1;
        try (KeyValueIterator<Bytes, byte[]> entries = windows.all()) {
            while (entries.hasNext()) {
                last = Math.max(last, ByteBuffer.wrap(entries.next().key.get()).getLong());
            }
        }
        if (last >= 0) {
            long closedBefore = gate.lastClosedStart();
            gate.advance(last + stage.sizeMillis() + stage.graceMillis());
            close(closedBefore, gate.lastClosedStart());
        }
    }

    /// Passes on the windows that start after `closedBefore` and not after `closedNow`, oldest first.
    private void close(long closedBefore, long closedNow) {
        Bytes from = storeKey(closedBefore + 1, new byte[0]);
        Bytes to = storeKey(closedNow + 1, new byte[0]);
        List<KeyValue<Bytes, byte[]>> some;
        do {
            some = someBetween(from, to);
            for (KeyValue<Bytes, byte[]> entry : some) {
                windows.delete(entry.key);
                passOn(entry);
            }
        } while (some.size() == MOST_AT_ONCE);
    }

    private List<KeyValue<Bytes, byte[]>> someBetween(Bytes from, Bytes to) {
        List<KeyValue<Bytes, byte[]>> some = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = windows.range(from, to)) {
            while (entries.hasNext() && some.size() < MOST_AT_ONCE) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                if (entry.key.compareTo(to) < 0) {
                    some.add(entry);
                }
            }
        }
        return some;
    }

    private void passOn(KeyValue<Bytes, byte[]> entry) {
        ByteBuffer bytes = ByteBuffer.wrap(entry.key.get());
        long start = bytes.getLong();
        byte[] key = new byte[bytes.remaining()];
        bytes.get(key);
        long end = start + stage.sizeMillis();
        out.increment();
        WindowKey<Object> windowKey = new WindowKey<>(
                Objects.requireNonNull(keys.read(key)), Instant.ofEpochMilli(start), Instant.ofEpochMilli(end));
        context().forward(new Record<>(windowKey, entry.value, end - 1), finalsNode(stage));
    }

    private void turnAway(Record<Object, Object> record) {
        late.increment();
        if (stage.late() == null) {
            return;
        }
        long closed = gate.windowStart(record.timestamp()) + stage.sizeMillis() + stage.graceMillis();
        Headers headers = new RecordHeaders(record.headers());
        add(headers, "weir.late.by", String.valueOf(gate.timeMillis() - closed));
        add(headers, "weir.late.gate", Instant.ofEpochMilli(gate.timeMillis()).toString());
        RecordMetadata at = context().recordMetadata().orElse(null);
        if (at != null) {
            add(headers, "weir.late.partition", String.valueOf(at.partition()));
            add(headers, "weir.late.offset", String.valueOf(at.offset()));
        }
        context().forward(record.withHeaders(headers), lateNode(stage));
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static Bytes storeKey(long windowStart, byte[] key) {
        return Bytes.wrap(ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(windowStart)
                .put(key)
                .array());
    }
}
