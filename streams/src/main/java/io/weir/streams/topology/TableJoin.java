package io.weir.streams.topology;

import io.weir.streams.dsl.Joiner;
import io.weir.streams.dsl.WindowKey;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.jspecify.annotations.Nullable;

/// Joins rows with a table by reading the table's store: also by the key within a window, for which Streams
/// itself would need another internal topic.
final class TableJoin extends ContextualFixedKeyProcessor<Object, Object, Object> {
    private final String stage;
    private final String storeName;
    private final boolean left;
    private final boolean upserts;
    private final Joiner<@Nullable Object, Object, @Nullable Object, Object> function;
    private final LongAdder in;
    private final LongAdder out;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private TimestampedKeyValueStore<Object, Object> store;

    /// @param upserts whether a row replaces the one before of its key, and a row left out deletes it
    TableJoin(
            String stage,
            String storeName,
            boolean left,
            boolean upserts,
            Joiner<@Nullable Object, Object, @Nullable Object, Object> function,
            StageCounters counters) {
        this.stage = stage;
        this.storeName = storeName;
        this.left = left;
        this.upserts = upserts;
        this.function = function;
        this.in = counters.in(stage);
        this.out = counters.out(stage);
    }

    @Override
    public void init(FixedKeyProcessorContext<Object, Object> context) {
        super.init(context);
        store = context.getStateStore(storeName);
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        in.increment();
        Object row = record.value();
        if (row == null) {
            delete(record);
            return;
        }
        Object key = record.key() instanceof WindowKey<?> window ? window.key() : record.key();
        ValueAndTimestamp<Object> found = key == null ? null : store.get(key);
        if (found == null && !left) {
            delete(record);
            return;
        }
        Object joined;
        try {
            joined = function.join(key, row, found == null ? null : found.value());
        } catch (RuntimeException e) {
            throw StageFailure.of(stage, e);
        } catch (Error e) {
            throw JobContext.noted(context(), stage, e);
        }
        if (joined == null) {
            throw new StageFailure(stage, "a join function must give a row, got null.", null);
        }
        out.increment();
        context().forward(record.withValue(joined));
    }

    private void delete(FixedKeyRecord<Object, Object> record) {
        if (upserts) {
            context().forward(record.withValue(null));
        }
    }
}
