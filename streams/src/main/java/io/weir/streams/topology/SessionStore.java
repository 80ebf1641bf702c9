package io.weir.streams.topology;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// The sessions of a task. One entry per session, found by key; one more that is found by the time of its
/// end. A closed session keeps its place, without its state, as long as a row may still come that would
/// have belonged to it.
final class SessionStore {
    /// The kind of the entries that are sessions.
    static final byte SESSION = 1;

    private static final byte OPEN_BY_END = 2;
    private static final byte CLOSED_BY_END = 3;
    private static final byte OPEN = 0;
    private static final byte CLOSED = 1;

    /// One session of a key.
    static final class Session {
        private final byte[] key;
        private final long startMillis;
        private final long endMillis;
        private final boolean closed;
        private final byte[] state;

        /// @param startMillis time of its first row
        /// @param endMillis time of its last row
        /// @param state of the fold; empty if closed
        Session(byte[] key, long startMillis, long endMillis, boolean closed, byte[] state) {
            this.key = key;
            this.startMillis = startMillis;
            this.endMillis = endMillis;
            this.closed = closed;
            this.state = state;
        }

        byte[] key() {
            return key;
        }

        long startMillis() {
            return startMillis;
        }

        long endMillis() {
            return endMillis;
        }

        boolean closed() {
            return closed;
        }

        byte[] state() {
            return state;
        }
    }

    private final KeyValueStore<Bytes, byte[]> store;

    SessionStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /// The sessions of a key that reach into a range of time, both ends included, the earliest first.
    List<Session> overlapping(byte[] key, long fromMillis, long toMillis) {
        List<Session> found = new ArrayList<>();
        Bytes from = StoreKeys.ofKey(SESSION, key, 0, 0);
        Bytes to = StoreKeys.ofKey(SESSION, key, toMillis + 1, 0);
        for (KeyValue<Bytes, byte[]> entry : StoreRange.read(store, from, to, Integer.MAX_VALUE)) {
            Session session = session(key, StoreKeys.timeOfKey(entry.key), entry.value);
            if (session.endMillis >= fromMillis) {
                found.add(session);
            }
        }
        return found;
    }

    void put(Session open) {
        ByteBuffer value = ByteBuffer.allocate(1 + Long.BYTES + open.state.length)
                .put(OPEN)
                .putLong(open.endMillis)
                .put(open.state);
        store.put(StoreKeys.ofKey(SESSION, open.key, open.startMillis, 0), value.array());
        store.put(StoreKeys.ofTime(OPEN_BY_END, open.endMillis, open.startMillis, open.key), new byte[0]);
    }

    void remove(Session open) {
        store.delete(StoreKeys.ofKey(SESSION, open.key, open.startMillis, 0));
        store.delete(StoreKeys.ofTime(OPEN_BY_END, open.endMillis, open.startMillis, open.key));
    }

    /// Closes the open sessions that end before that time, the earliest end first.
    void closeBefore(long timeMillis, Consumer<Session> action) {
        drain(OPEN_BY_END, timeMillis, entry -> {
            byte[] key = StoreKeys.key(entry);
            long start = StoreKeys.number(entry);
            Bytes at = StoreKeys.ofKey(SESSION, key, start, 0);
            Session session = session(key, start, store.get(at));
            ByteBuffer closed = ByteBuffer.allocate(1 + Long.BYTES).put(CLOSED).putLong(session.endMillis);
            store.put(at, closed.array());
            store.put(StoreKeys.ofTime(CLOSED_BY_END, session.endMillis, start, key), new byte[0]);
            action.accept(session);
        });
    }

    /// Forgets the closed sessions that end before that time.
    void forgetBefore(long timeMillis) {
        drain(
                CLOSED_BY_END,
                timeMillis,
                entry -> store.delete(StoreKeys.ofKey(SESSION, StoreKeys.key(entry), StoreKeys.number(entry), 0)));
    }

    /// The end of the open session that ends last, or -1.
    long lastEnd() {
        long last = -1;
        try (KeyValueIterator<Bytes, byte[]> entries = store.range(
                StoreKeys.ofTime(OPEN_BY_END, 0, 0, new byte[0]), StoreKeys.ofTime(CLOSED_BY_END, 0, 0, new byte[0]))) {
            while (entries.hasNext()) {
                last = StoreKeys.time(entries.next().key);
            }
        }
        return last;
    }

    private void drain(byte kind, long beforeMillis, Consumer<Bytes> action) {
        if (beforeMillis <= 0) {
            return;
        }
        Bytes from = StoreKeys.ofTime(kind, 0, 0, new byte[0]);
        Bytes to = StoreKeys.ofTime(kind, beforeMillis, 0, new byte[0]);
        StoreRange.drain(store, from, to, entry -> {
            store.delete(entry.key);
            action.accept(entry.key);
        });
    }

    static Session session(byte[] key, long startMillis, byte[] value) {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        boolean closed = bytes.get() == CLOSED;
        long end = bytes.getLong();
        return new Session(key, startMillis, end, closed, Arrays.copyOfRange(value, 1 + Long.BYTES, value.length));
    }
}
