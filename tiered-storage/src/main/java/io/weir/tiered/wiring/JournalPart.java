package io.weir.tiered.wiring;

import io.weir.log.journal.Decision;
import io.weir.log.journal.Journal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One part of a journal's state, as a journal of its own. Closing it does nothing: the whole is somebody
/// else's.
final class JournalPart<S, P> implements Journal<P> {
    private final Journal<S> whole;
    private final Function<S, P> part;

    JournalPart(Journal<S> whole, Function<S, P> part) {
        this.whole = whole;
        this.part = part;
    }

    @Override
    public P state() {
        return part.apply(whole.state());
    }

    @Override
    public P latest() {
        return part.apply(whole.latest());
    }

    @Override
    public <R extends @Nullable Object> R write(Function<? super P, Decision<R>> handler) {
        return whole.write(state -> handler.apply(part.apply(state)));
    }

    @Override
    public void close() {}
}
