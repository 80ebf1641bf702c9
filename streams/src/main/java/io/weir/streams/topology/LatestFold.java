package io.weir.streams.topology;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps the row with the greatest event time; of two with the same the later one. The state is that time
/// in 8 bytes, big endian, and the row.
final class LatestFold implements Fold {
    private final RowFormat format;

    LatestFold(RowFormat format) {
        this.format = format;
    }

    @Override
    public byte[] add(byte @Nullable [] state, Object key, Object row, long timeMillis) {
        if (state != null && ByteBuffer.wrap(state).getLong() > timeMillis) {
            return state;
        }
        byte[] bytes = Objects.requireNonNull(format.write(row));
        return ByteBuffer.allocate(Long.BYTES + bytes.length)
                .putLong(timeMillis)
                .put(bytes)
                .array();
    }

    @Override
    public byte[] merge(Object key, byte[] earlier, byte[] later) {
        return ByteBuffer.wrap(earlier).getLong() > ByteBuffer.wrap(later).getLong() ? earlier : later;
    }

    @Override
    public Object result(byte[] state) {
        return Objects.requireNonNull(format.read(Arrays.copyOfRange(state, Long.BYTES, state.length)));
    }
}
