package io.weir.streams.job;

import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Fold;
import io.weir.log.journal.Journal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A journal in memory: keeps every entry in order, as a topic that is never compacted.
public final class MemoryJournal<S> implements Journal<S> {
    private final Fold<S> fold;
    private final List<Entry> log = new ArrayList<>();
    private volatile S state;

    public MemoryJournal(S empty, Fold<S> fold) {
        this.state = empty;
        this.fold = fold;
    }

    @Override
    public S state() {
        return state;
    }

    @Override
    public S latest() {
        return state;
    }

    @Override
    public synchronized <R> R write(Function<? super S, Decision<R>> handler) {
        Decision<R> decision = handler.apply(state);
        decision.entries().forEach(this::append);
        return decision.result();
    }

    /// Writes an entry past all handlers.
    public synchronized void append(Entry entry) {
        log.add(entry);
        state = fold.apply(state, entry.key(), entry.value());
    }

    /// Every entry ever written.
    public synchronized List<Entry> log() {
        return List.copyOf(log);
    }

    /// What a compacted topic would hold.
    public synchronized List<Entry> compacted() {
        Map<String, Entry> newest = new LinkedHashMap<>();
        for (Entry entry : log) {
            newest.remove(entry.key());
            newest.put(entry.key(), entry);
        }
        return List.copyOf(newest.values());
    }

    @Override
    public void close() {}
}
