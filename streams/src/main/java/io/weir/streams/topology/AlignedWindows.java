package io.weir.streams.topology;

import io.weir.streams.dsl.WindowShape;

/// The windows that start at multiples of one length from 1970 on: tumbling and hopping ones.
///
/// A window is closed once `start + sizeMillis + graceMillis <= time`.
///
/// @param everyMillis from one start to the next, at most sizeMillis
record AlignedWindows(long sizeMillis, long everyMillis, long graceMillis) {
    static AlignedWindows of(WindowShape.Tumbling tumbling, long graceMillis) {
        return new AlignedWindows(tumbling.sizeMillis(), tumbling.sizeMillis(), graceMillis);
    }

    static AlignedWindows of(WindowShape.Hopping hopping, long graceMillis) {
        return new AlignedWindows(hopping.sizeMillis(), hopping.everyMillis(), graceMillis);
    }

    /// The start of the first window that holds that time.
    long firstStart(long timeMillis) {
        long earliest = Math.max(0, timeMillis - sizeMillis + everyMillis);
        return earliest - earliest % everyMillis;
    }

    /// The start of the last window that holds that time.
    long lastStart(long timeMillis) {
        return timeMillis - timeMillis % everyMillis;
    }

    /// The time at which the last window that holds a record closes.
    long lateFrom(long timeMillis) {
        return lastStart(timeMillis) + sizeMillis + graceMillis;
    }

    /// The start of the last window that is closed at that time, negative if none is.
    long lastClosedStart(long timeMillis) {
        long latest = timeMillis - graceMillis - sizeMillis;
        return latest < 0 ? LateGate.NOTHING_YET : lastStart(latest);
    }
}
