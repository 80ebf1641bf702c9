package io.weir.tiered.archive;

import java.util.concurrent.atomic.LongAdder;

/// What the plugin has counted of one topic since the process began. Safe for use by any thread.
public final class TopicNumbers {
    final LongAdder segments = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder records = new LongAdder();
    final LongAdder rawRecords = new LongAdder();

    TopicNumbers() {}

    public long segmentsCopied() {
        return segments.sum();
    }

    /// Bytes of the local segments.
    public long bytesIn() {
        return bytesIn.sum();
    }

    /// Bytes of the objects made from them.
    public long bytesOut() {
        return bytesOut.sum();
    }

    public long records() {
        return records.sum();
    }

    /// Records whose value is kept as it was.
    public long rawRecords() {
        return rawRecords.sum();
    }

    /// How many times smaller; 0 before anything was copied.
    public double ratio() {
        long out = bytesOut();
        return out == 0 ? 0 : (double) bytesIn() / out;
    }

    /// Share of the records whose value is kept as it was; 0 before anything was copied.
    public double rawShare() {
        long all = records();
        return all == 0 ? 0 : (double) rawRecords() / all;
    }
}
