package io.weir.streams.job.state;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a store says.
public sealed interface StateAnswer {
    /// @param position how far the store is: offset behind the last record that changed it, by `topic-partition`
    /// @param gateMillis the event time of the gate before it; negative where there is none, or no row yet
    /// @param settled whether every window in the time that was asked for has closed: their rows are in the output;
    ///     null where no gate decides that
    /// @param next where to go on when there are more rows; null when there are none
    record Rows(
            List<StateRow> rows,
            Map<String, Long> position,
            long gateMillis,
            @Nullable Boolean settled,
            @Nullable String next)
            implements StateAnswer {
        public Rows {
            rows = List.copyOf(rows);
            position = Map.copyOf(position);
        }

        /// Rows without windows.
        public Rows(List<StateRow> rows, Map<String, Long> position, @Nullable String next) {
            this(rows, position, -1, null, next);
        }
    }

    /// It has not come as far as it was asked to.
    record Behind(String why) implements StateAnswer {}

    /// It is not here just now, or still being restored.
    record NotActive() implements StateAnswer {}

    /// It cannot answer that.
    ///
    /// @param why what follows the name of the store
    record Refused(String why) implements StateAnswer {}
}
