package io.weir.streams.topology;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/// Keys of stores that are read in two orders. The first byte names the kind of entry; then either
/// everything of one key lies together, in the order of time
/// (`kind, length of the key (4), key, time (8), number (8)`), or everything of one time, whatever its key
/// (`kind, time (8), number (8), key`). Numbers are big endian and never negative.
final class StoreKeys {
    private StoreKeys() {}

    /// Of one key, in the order of time.
    static Bytes ofKey(byte kind, byte[] key, long timeMillis, long number) {
        return Bytes.wrap(ByteBuffer.allocate(1 + Integer.BYTES + key.length + 2 * Long.BYTES)
                .put(kind)
                .putInt(key.length)
                .put(key)
                .putLong(Math.max(0, timeMillis))
                .putLong(number)
                .array());
    }

    /// The time in an entry of one key.
    static long timeOfKey(Bytes entry) {
        byte[] bytes = entry.get();
        return ByteBuffer.wrap(bytes).getLong(bytes.length - 2 * Long.BYTES);
    }

    /// The key in an entry of one key.
    static byte[] keyOfKey(Bytes entry) {
        byte[] bytes = entry.get();
        return Arrays.copyOfRange(bytes, 1 + Integer.BYTES, bytes.length - 2 * Long.BYTES);
    }

    /// The number in an entry of one key.
    static long numberOfKey(Bytes entry) {
        byte[] bytes = entry.get();
        return ByteBuffer.wrap(bytes).getLong(bytes.length - Long.BYTES);
    }

    /// Of one time.
    static Bytes ofTime(byte kind, long timeMillis, long number, byte[] key) {
        return Bytes.wrap(ByteBuffer.allocate(1 + 2 * Long.BYTES + key.length)
                .put(kind)
                .putLong(Math.max(0, timeMillis))
                .putLong(number)
                .put(key)
                .array());
    }

    /// The time in an entry of one time.
    static long time(Bytes entry) {
        return ByteBuffer.wrap(entry.get()).getLong(1);
    }

    /// The number in an entry of one time.
    static long number(Bytes entry) {
        return ByteBuffer.wrap(entry.get()).getLong(1 + Long.BYTES);
    }

    /// The key in an entry of one time.
    static byte[] key(Bytes entry) {
        byte[] bytes = entry.get();
        int at = 1 + 2 * Long.BYTES;
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }
}
