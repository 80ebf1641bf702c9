package io.weir.streams.job.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of one running version, as this process has it. Thread-safe; what is read may not be committed yet, and
/// is then gone after a crash.
public interface StateReads {
    /// All stores, those for nobody's eyes too; empty while the version starts.
    List<StoreInfo> stores();

    /// Who has a key, or every partition of a store: one place per partition, in their order.
    ///
    /// @param key as text; null asks for all partitions. Of a store whose types are not known all are named
    /// @return empty while nobody can say
    /// @throws IllegalArgumentException when the text is no key of the store; the message says why
    List<Place> places(String store, @Nullable String key);

    /// Never waits for the state to come further.
    StateAnswer read(StateQuestion question);
}
