package io.weir.streams.dsl;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/// An operator of the job's own, with state and timers. Opaque to the plan.
///
/// One object serves all tasks and threads: whatever it has to remember lies in its stores, by key. A row
/// or timer that throws leaves nothing behind, neither rows nor state, and goes to the dead letters.
///
/// ```java
/// final class Dedup implements Step<String, Click, String, Click> {
///     static final StepStore<String, Long> SEEN = StepStore.of("seen", String.class, Long.class);
///     public List<StepStore<?, ?>> stores() { return List.of(SEEN); }
///     public void row(String key, Click click, StepContext<String, Click> context) {
///         if (context.store(SEEN).put(click.id(), 1L) == null) {
///             context.emit(key, click);
///         }
///     }
/// }
/// ```
///
/// @param <K> the key that comes in
/// @param <V> the row that comes in
/// @param <L> the key that goes out
/// @param <R> the row that goes out
public interface Step<K, V, L, R> extends Serializable {
    /// The stores that the step uses; each with a name of its own.
    default List<StepStore<?, ?>> stores() {
        return List.of();
    }

    /// Takes one row. Rows of one key come one after another, in the order of their partition.
    void row(K key, V row, StepContext<L, R> context);

    /// Takes a timer that [StepContext#timer] has set, once event time has reached it: before the row that
    /// moves the time there.
    ///
    /// @param key the one whose row, or timer, has set it
    /// @param at what it was set to
    default void timer(K key, Instant at, StepContext<L, R> context) {}
}
