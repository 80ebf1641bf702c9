package io.weir.tiered.table;

import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Fold;
import io.weir.log.journal.Journal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A journal in memory. Several may be open on the same entries, as several nodes are on one topic.
public final class MemoryJournal<S> implements Journal<S> {
    private final List<Entry> entries;
    private final S empty;
    private final Fold<S> fold;

    /// Thrown once by the next write, after it was done.
    public volatile RuntimeException failAfterWriting;

    public MemoryJournal(S empty, Fold<S> fold) {
        this(new CopyOnWriteArrayList<>(), empty, fold);
    }

    private MemoryJournal(List<Entry> entries, S empty, Fold<S> fold) {
        this.entries = entries;
        this.empty = empty;
        this.fold = fold;
    }

    /// What a restarted process, or another node, would open.
    public MemoryJournal<S> openAgain() {
        return new MemoryJournal<>(entries, empty, fold);
    }

    @Override
    public S state() {
        S state = empty;
        for (Entry entry : entries) {
            state = fold.apply(state, entry.key(), entry.value());
        }
        return state;
    }

    @Override
    public S latest() {
        return state();
    }

    @Override
    public <R> R write(Function<? super S, Decision<R>> handler) {
        synchronized (entries) {
            Decision<R> decision = handler.apply(state());
            entries.addAll(decision.entries());
            RuntimeException failure = failAfterWriting;
            failAfterWriting = null;
            if (failure != null) {
                throw failure;
            }
            return decision.result();
        }
    }

    @Override
    public void close() {}
}
