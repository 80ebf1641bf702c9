package io.weir.log.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// The tails of this node: counts them, runs each on a virtual thread of its own, and ends them with the node.
/// Safe for use by any thread.
public final class OpenTails implements AutoCloseable {
    private final TailSettings settings;
    private final Semaphore free;
    private final Set<TailStream> open = ConcurrentHashMap.newKeySet();

    public OpenTails(TailSettings settings) {
        this.settings = settings;
        this.free = new Semaphore(settings.max());
    }

    TailSettings settings() {
        return settings;
    }

    /// How many are open.
    public int count() {
        return open.size();
    }

    /// Opens one more and lets it run.
    ///
    /// @param opening may fail; its failure reaches the caller
    /// @throws WeirException `tails-exhausted` (429)
    void admit(Supplier<TailStream> opening) {
        if (!free.tryAcquire()) {
            throw new WeirException(
                    "tails-exhausted",
                    Whose.USER,
                    429,
                    "Tails: this node serves at most " + settings.max()
                            + " at a time. Close one, ask another node, or raise 'weir.rest.tails.max'.",
                    null);
        }
        boolean started = false;
        try {
            TailStream stream = opening.get();
            open.add(stream);
            Thread.ofVirtual().name("weir-tail").start(() -> run(stream));
            started = true;
        } finally {
            if (!started) {
                free.release();
            }
        }
    }

    @Override
    public void close() {
        open.forEach(TailStream::stop);
    }

    private void run(TailStream stream) {
        try {
            stream.run();
        } finally {
            open.remove(stream);
            free.release();
        }
    }
}
