package io.weir.streams.topology;

import io.weir.streams.replay.RecordTime;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Brings rows that were folded elsewhere to a topology: headers are the one thing that comes with a record to its
/// deserializer. Only within a process; a header of this name that a producer has written is another one.
final class FoldedHeader implements Header {
    private static final String KEY = "weir.folded";
    private static final byte[] NOTHING = {};

    private final long millis;
    private @Nullable FoldedRows rows;

    private FoldedHeader(FoldedRows rows) {
        this.rows = rows;
        this.millis =
                rows.counts().gateMillis() < 0 ? RecordTime.NONE : rows.counts().gateMillis();
    }

    static Headers of(FoldedRows rows) {
        return new RecordHeaders(new Header[] {new FoldedHeader(rows)});
    }

    static @Nullable FoldedHeader in(Headers headers) {
        return headers.lastHeader(KEY) instanceof FoldedHeader folded ? folded : null;
    }

    /// The rows, once: headers live on in caches, rows need not. Null where there are none.
    static @Nullable FoldedRows take(Headers headers) {
        FoldedHeader folded = in(headers);
        if (folded == null) {
            return null;
        }
        FoldedRows taken = folded.rows;
        folded.rows = null;
        return taken;
    }

    /// The greatest event time of the rows; [RecordTime#NONE] if none of them reaches the window.
    long millis() {
        return millis;
    }

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public byte[] value() {
        return NOTHING;
    }
}
