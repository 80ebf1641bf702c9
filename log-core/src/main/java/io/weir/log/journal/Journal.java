package io.weir.log.journal;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// State that lives in one compacted topic. Any number of journals, in any number of processes, may be open on
/// the same topic; each can write, and all of them come to the same state.
///
/// Safe for use by any thread. Whoever opened it closes it.
///
/// @param <S> the immutable state
public interface Journal<S> extends AutoCloseable {
    /// The state as applied so far. Never blocks; another node's last write may be missing.
    S state();

    /// The state after everything that was committed before this call. Blocks for one or two round trips to the
    /// broker.
    ///
    /// @throws io.weir.log.fault.WeirException `journal-timeout` when the topic's end is not reached in time,
    ///     `journal-broken` when the journal cannot go on, `journal-closed`
    S latest();

    /// Reads to the topic's end, asks the handler, writes its entries in one transaction and returns once this
    /// journal has applied them. Whenever another writer was faster, the handler is asked again with the state
    /// that includes the other's entries: each decision that is written was made on the newest state.
    ///
    /// @param handler without side effects, as it may run more than once; what it throws reaches the caller and
    ///     nothing is written
    /// @throws io.weir.log.fault.WeirException `journal-timeout`, and its message says whether the entries may
    ///     have been written all the same; `journal-entry-too-large`, `journal-broken`, `journal-closed`
    <R extends @Nullable Object> R write(Function<? super S, Decision<R>> handler);

    /// Ends reading and writing; calls that wait fail with `journal-closed`. May be repeated.
    @Override
    void close();
}
