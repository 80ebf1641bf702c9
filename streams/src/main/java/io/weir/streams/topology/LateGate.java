package io.weir.streams.topology;

import java.util.Objects;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The event time of one task, as the windowed stage behind it counts it: the greatest that ever passed. It
/// is kept in a logged store and commits with the task, so a record gets the same verdict in a restarted
/// job and in a replay.
///
/// A window is closed once `windowEnd + grace <= time`.
final class LateGate {
    static final long NOTHING_YET = -1;

    private final KeyValueStore<Integer, Long> store;
    private final int partition;
    private final long sizeMillis;
    private final long graceMillis;
    private long timeMillis;

    /// @param store key = task partition, value = the greatest event time seen
    LateGate(KeyValueStore<Integer, Long> store, int partition, long sizeMillis, long graceMillis) {
        this.store = store;
        this.partition = partition;
        this.sizeMillis = sizeMillis;
        this.graceMillis = graceMillis;
        @Nullable Long kept = store.get(partition);
        this.timeMillis = Objects.requireNonNullElse(kept, NOTHING_YET);
    }

    /// Whether a record of that time comes after its window has closed. Such a record does not move the
    /// time.
    boolean isLate(long eventTimeMillis) {
        return eventTimeMillis < timeMillis && windowStart(eventTimeMillis) + sizeMillis + graceMillis <= timeMillis;
    }

    /// Takes notice of a record that is not late.
    void advance(long eventTimeMillis) {
        if (eventTimeMillis > timeMillis) {
            timeMillis = eventTimeMillis;
            store.put(partition, eventTimeMillis);
        }
    }

    /// The start of the last window that is closed, negative if none is.
    long lastClosedStart() {
        long latest = timeMillis - graceMillis - sizeMillis;
        return latest < 0 ? NOTHING_YET : windowStart(latest);
    }

    long windowStart(long eventTimeMillis) {
        return eventTimeMillis - eventTimeMillis % sizeMillis;
    }

    long timeMillis() {
        return timeMillis;
    }
}
