package io.weir.streams.topology;

import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The event time of one task, as the windowed stage behind it counts it: the greatest that ever passed. It
/// is kept in a logged store and commits with the task, so a record gets the same verdict in a restarted
/// job and in a replay.
///
/// A record is late once the time has reached what the kind of window says for it.
final class LateGate {
    static final long NOTHING_YET = -1;

    private final KeyValueStore<Integer, Long> store;
    private final int partition;
    private final LongUnaryOperator lateFrom;
    private final LongConsumer moved;
    private long timeMillis;

    /// @param store key = task partition, value = the greatest event time seen
    /// @param lateFrom for the time of a record: the gate's time from which on it is late; greater than its
    ///     own
    /// @param moved told the time whenever it moves, for who watches
    LateGate(KeyValueStore<Integer, Long> store, int partition, LongUnaryOperator lateFrom, LongConsumer moved) {
        this.moved = moved;
        this.store = store;
        this.partition = partition;
        this.lateFrom = lateFrom;
        @Nullable Long kept = store.get(partition);
        this.timeMillis = Objects.requireNonNullElse(kept, NOTHING_YET);
    }

    /// Whether a record of that time comes too late. Such a record does not move the time.
    boolean isLate(long eventTimeMillis) {
        return eventTimeMillis < timeMillis && lateFrom(eventTimeMillis) <= timeMillis;
    }

    /// The gate's time from which on a record of that time is late.
    long lateFrom(long eventTimeMillis) {
        return lateFrom.applyAsLong(eventTimeMillis);
    }

    /// Takes notice of a record that is not late.
    void advance(long eventTimeMillis) {
        if (eventTimeMillis > timeMillis) {
            timeMillis = eventTimeMillis;
            store.put(partition, eventTimeMillis);
            moved.accept(eventTimeMillis);
        }
    }

    long timeMillis() {
        return timeMillis;
    }
}
