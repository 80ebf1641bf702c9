package io.weir.tiered.query;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Chunks that stay on disk until the lease is closed. Filled by several threads, then used by one.
final class HotLease implements AutoCloseable {
    private final Consumer<List<HotChunk>> release;
    private final List<HotChunk> chunks = new ArrayList<>();
    private boolean closed;

    HotLease(Consumer<List<HotChunk>> release) {
        this.release = release;
    }

    synchronized void add(HotChunk chunk) {
        chunks.add(chunk);
    }

    synchronized List<HotChunk> chunks() {
        return List.copyOf(chunks);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release.accept(List.copyOf(chunks));
        }
    }
}
