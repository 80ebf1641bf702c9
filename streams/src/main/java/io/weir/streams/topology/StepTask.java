package io.weir.streams.topology;

import io.weir.streams.dsl.Step;
import io.weir.streams.dsl.StepContext;
import io.weir.streams.dsl.StepEntries;
import io.weir.streams.dsl.StepStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Runs a custom operator on one row or timer at a time. What it emits and writes takes effect when it has
/// ended well.
final class StepTask {
    static final byte TIMER = 1;

    /// How entries of a store are kept, and the name it has in the topology.
    record Format(String store, RowFormat keys, RowFormat values) {}

    /// All that tasks of one stage share.
    ///
    /// @param keys of the rows that come in
    /// @param formats by the name that the step gives its store
    record Wiring(
            String stage,
            Step<Object, Object, Object, Object> step,
            RowFormat keys,
            Map<String, Format> formats,
            StageCounters counters) {}

    private final Wiring wiring;
    private final ProcessorContext<Object, Object> context;
    private final KeyValueStore<Bytes, byte[]> timers;

    StepTask(Wiring wiring, ProcessorContext<Object, Object> context) {
        this.wiring = wiring;
        this.context = context;
        this.timers = context.getStateStore(wiring.stage);
    }

    /// Calls the step, then passes on what it has emitted.
    ///
    /// @param earliestTimer no timer may be set before
    /// @param call of the row or timer
    /// @param forward takes what it emits
    void run(
            @Nullable Object key,
            long timeMillis,
            Instant earliestTimer,
            Consumer<StepContext<Object, Object>> call,
            Consumer<Record<Object, Object>> forward) {
        Call one = new Call(key, timeMillis, earliestTimer);
        try {
            call.accept(one);
        } catch (RuntimeException e) {
            throw StageFailure.of(wiring.stage, e);
        } catch (Error e) {
            throw RunContext.noted(context, wiring.stage, e);
        }
        one.written.forEach(
                (store, entries) -> entries.forEach((at, value) -> store(store).put(at, value)));
        for (Instant at : one.set) {
            byte[] bytes = Objects.requireNonNull(wiring.keys.write(key));
            timers.put(StoreKeys.ofTime(TIMER, at.toEpochMilli(), 0, bytes), new byte[0]);
        }
        for (Record<Object, Object> record : one.emitted) {
            wiring.counters.out(wiring.stage).increment();
            forward.accept(record);
        }
    }

    private KeyValueStore<Bytes, byte[]> store(String name) {
        return context.getStateStore(name);
    }

    private final class Call implements StepContext<Object, Object> {
        private final @Nullable Object key;
        private final long timeMillis;
        private final Instant earliestTimer;
        private final List<Record<Object, Object>> emitted = new ArrayList<>();
        private final List<Instant> set = new ArrayList<>();
        /// By store and entry; null = taken out.
        private final Map<String, Map<Bytes, byte @Nullable []>> written = new LinkedHashMap<>();

        Call(@Nullable Object key, long timeMillis, Instant earliestTimer) {
            this.key = key;
            this.earliestTimer = earliestTimer;
            this.timeMillis = timeMillis;
        }

        @Override
        public Instant time() {
            return Instant.ofEpochMilli(timeMillis);
        }

        @Override
        public void emit(Object outKey, Object row) {
            emit(outKey, row, time());
        }

        @Override
        public void emit(Object outKey, Object row, Instant time) {
            if (row == null) {
                throw new StageFailure(wiring.stage, "a step must emit rows, got null.", null);
            }
            emitted.add(new Record<>(outKey, row, time.toEpochMilli()));
        }

        @Override
        public void timer(Instant at) {
            if (key == null) {
                throw new StageFailure(wiring.stage, "a timer needs a row with a key, got null. Use keyBy.", null);
            }
            if (at.isBefore(earliestTimer)) {
                throw new StageFailure(
                        wiring.stage, "a timer must not be set before " + earliestTimer + ", got " + at + ".", null);
            }
            set.add(at);
        }

        @Override
        @SuppressWarnings("unchecked") // the format was made from the types of the store
        public <A, B> StepEntries<A, B> store(StepStore<A, B> store) {
            Format format = wiring.formats.get(store.name());
            if (format == null) {
                throw new StageFailure(
                        wiring.stage,
                        "store '" + store.name() + "' is not among those that stores() gives, which are "
                                + wiring.formats.keySet() + ".",
                        null);
            }
            return (StepEntries<A, B>) new Entries(format, written);
        }
    }

    private final class Entries implements StepEntries<Object, Object> {
        private final Format format;
        private final KeyValueStore<Bytes, byte[]> store;
        private final Map<Bytes, byte @Nullable []> written;

        Entries(Format format, Map<String, Map<Bytes, byte @Nullable []>> written) {
            this.format = format;
            this.store = store(format.store);
            this.written = written.computeIfAbsent(format.store, name -> new LinkedHashMap<>());
        }

        @Override
        public @Nullable Object get(Object key) {
            Bytes at = at(key);
            return format.values.read(written.containsKey(at) ? written.get(at) : store.get(at));
        }

        @Override
        public @Nullable Object put(Object key, Object value) {
            Object before = get(key);
            written.put(at(key), Objects.requireNonNull(format.values.write(value)));
            return before;
        }

        @Override
        public @Nullable Object remove(Object key) {
            Object before = get(key);
            written.put(at(key), null);
            return before;
        }

        private Bytes at(Object key) {
            return Bytes.wrap(Objects.requireNonNull(format.keys.write(key)));
        }
    }
}
