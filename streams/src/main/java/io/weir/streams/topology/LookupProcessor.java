package io.weir.streams.topology;

import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Joiner;
import io.weir.streams.dsl.WindowKey;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.jspecify.annotations.Nullable;

/// Joins rows with a table by reading the table's store: also by the key within a window, for which Streams
/// itself would need another internal topic, and by any column, in a global table. A table with a history
/// is asked for the row that was valid at the time of the row that asks.
final class LookupProcessor extends ContextualFixedKeyProcessor<Object, Object, Object> {
    /// What is asked for, how, and what becomes of it.
    ///
    /// @param store the table's
    /// @param key computed from the row; null = the key of the row, or the key within its window
    /// @param left whether rows that find nothing are joined with null
    /// @param upserts whether a row replaces the one before of its key, and a row left out deletes it
    record Lookup(
            String stage,
            String store,
            @Nullable Column<Object, @Nullable Object> key,
            boolean left,
            boolean upserts,
            Joiner<@Nullable Object, @Nullable Object, @Nullable Object, Object> function) {}

    private final Lookup lookup;
    private final LongAdder in;
    private final LongAdder out;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private StateStore store;

    LookupProcessor(Lookup lookup, StageCounters counters) {
        this.lookup = lookup;
        this.in = counters.in(lookup.stage);
        this.out = counters.out(lookup.stage);
    }

    @Override
    public void init(FixedKeyProcessorContext<Object, Object> context) {
        super.init(context);
        store = Objects.requireNonNull(context.getStateStore(lookup.store));
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        in.increment();
        Object row = record.value();
        if (row == null) {
            delete(record);
            return;
        }
        Object own = record.key() instanceof WindowKey<?> window ? window.key() : record.key();
        Object joined;
        try {
            Column<Object, @Nullable Object> key = lookup.key;
            Object wanted = key == null ? own : key.of(row);
            Object found = wanted == null ? null : find(wanted, record.timestamp());
            if (found == null && !lookup.left) {
                delete(record);
                return;
            }
            joined = lookup.function.join(own, row, found);
        } catch (RuntimeException e) {
            throw StageFailure.of(lookup.stage, e);
        } catch (Error e) {
            throw RunContext.noted(context(), lookup.stage, e);
        }
        if (joined == null) {
            throw new StageFailure(lookup.stage, "a join function must give a row, got null.", null);
        }
        out.increment();
        context().forward(record.withValue(joined));
    }

    @SuppressWarnings("unchecked") // the compiler of plans has made the store with these types
    private @Nullable Object find(Object key, long timeMillis) {
        if (store instanceof VersionedKeyValueStore<?, ?> versions) {
            VersionedRecord<Object> version = ((VersionedKeyValueStore<Object, Object>) versions).get(key, timeMillis);
            return version == null ? null : version.value();
        }
        ValueAndTimestamp<Object> found = ((ReadOnlyKeyValueStore<Object, ValueAndTimestamp<Object>>) store).get(key);
        return found == null ? null : found.value();
    }

    private void delete(FixedKeyRecord<Object, Object> record) {
        if (lookup.upserts) {
            context().forward(record.withValue(null));
        }
    }
}
