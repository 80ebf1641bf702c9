package io.weir.tiered.archive;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Values by key, loaded once however many ask, bounded by bytes, least recently used first out. A load that has
/// begun runs to its end even when nobody waits any more: whoever asks again finds it done. A failed load is
/// forgotten. Safe for use by any thread.
final class LoadingCache<K, V> {
    private final long maxBytes;
    private final ToLongFunction<V> weigher;
    private final Executor loader;

    /// Guards the two fields below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long heldBytes;

    private static final class Entry<V> {
        final CompletableFuture<V> value = new CompletableFuture<>();
        long bytes;
    }

    LoadingCache(long maxBytes, ToLongFunction<V> weigher, Executor loader) {
        this.maxBytes = maxBytes;
        this.weigher = weigher;
        this.loader = loader;
    }

    /// The value, present, under way or begun by this call. Do not cancel the result.
    CompletableFuture<V> get(K key, Callable<V> load) {
        Entry<V> entry = new Entry<>();
        lock.lock();
        try {
            Entry<V> known = entries.get(key);
            if (known != null) {
                return known.value;
            }
            entries.put(key, entry);
        } finally {
            lock.unlock();
        }
        try {
            loader.execute(() -> load(key, entry, load));
        } catch (RuntimeException e) {
            forget(key, entry);
            entry.value.completeExceptionally(e);
        }
        return entry.value;
    }

    /// The value, present or under way; null when nobody has asked for it.
    @Nullable
    CompletableFuture<V> known(K key) {
        lock.lock();
        try {
            Entry<V> entry = entries.get(key);
            return entry == null ? null : entry.value;
        } finally {
            lock.unlock();
        }
    }

    boolean contains(K key) {
        lock.lock();
        try {
            return entries.containsKey(key);
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever ends a load reaches those who wait for it
    private void load(K key, Entry<V> entry, Callable<V> load) {
        try {
            V value = load.call();
            keep(key, entry, weigher.applyAsLong(value));
            entry.value.complete(value);
        } catch (Throwable e) {
            forget(key, entry);
            entry.value.completeExceptionally(e);
        }
    }

    private void keep(K key, Entry<V> entry, long bytes) {
        lock.lock();
        try {
            if (entries.get(key) != entry) {
                return;
            }
            entry.bytes = bytes;
            heldBytes += bytes;
            Iterator<Entry<V>> eldest = entries.values().iterator();
            while (heldBytes > maxBytes && eldest.hasNext()) {
                Entry<V> candidate = eldest.next();
                // what is still loading weighs nothing yet; the newest value stays even when it alone is too large
                if (candidate != entry && candidate.bytes > 0) {
                    heldBytes -= candidate.bytes;
                    eldest.remove();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(K key, @Nullable Entry<V> expected) {
        lock.lock();
        try {
            Entry<V> known = entries.get(key);
            if (known != null && (expected == null || known == expected)) {
                entries.remove(key);
                heldBytes -= known.bytes;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Drops what is kept of a key.
    void invalidate(K key) {
        forget(key, null);
    }

    long heldBytes() {
        lock.lock();
        try {
            return heldBytes;
        } finally {
            lock.unlock();
        }
    }
}
