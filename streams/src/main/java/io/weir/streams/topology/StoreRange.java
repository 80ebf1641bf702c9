package io.weir.streams.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// Reads of a store from one key up to another.
final class StoreRange {
    private static final int MOST_AT_ONCE = 1_000;

    private StoreRange() {}

    /// Hands over each entry from one key on and before another, some at a time so that the store may
    /// change in between; the action deletes the entry.
    static void drain(
            KeyValueStore<Bytes, byte[]> store, Bytes from, Bytes to, Consumer<KeyValue<Bytes, byte[]>> action) {
        List<KeyValue<Bytes, byte[]>> some;
        do {
            some = read(store, from, to, MOST_AT_ONCE);
            some.forEach(action);
        } while (some.size() == MOST_AT_ONCE);
    }

    /// The entries from one key on and before another, in their order.
    static List<KeyValue<Bytes, byte[]>> read(KeyValueStore<Bytes, byte[]> store, Bytes from, Bytes to, int most) {
        List<KeyValue<Bytes, byte[]>> some = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(from, to)) {
            while (entries.hasNext() && some.size() < most) {
                KeyValue<Bytes, byte[]> entry = entries.next();
                if (entry.key.compareTo(to) < 0) {
                    some.add(entry);
                }
            }
        }
        return some;
    }
}
