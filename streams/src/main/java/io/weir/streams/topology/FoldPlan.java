package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.replay.FoldQuery;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What of a plan can be computed from columns, and how: everything from its only source up to its only window.
///
/// @param eventTime column of the event time, in microseconds
/// @param steps between source and window, in their order
/// @param cells one per component of the folded row
record FoldPlan(
        Stage.Source source,
        Stage.WindowFold window,
        AlignedWindows windows,
        KeyText key,
        List<FoldQuery.Member> members,
        String eventTime,
        List<Step> steps,
        List<Cell> cells) {
    FoldPlan {
        members = List.copyOf(members);
        steps = List.copyOf(steps);
        cells = List.copyOf(cells);
    }

    /// Whether keys must belong to their partition.
    boolean placesKeys() {
        return steps.stream().anyMatch(step -> step instanceof Step.Claim claim && claim.placed());
    }

    /// One stage before the window.
    sealed interface Step {
        String stage();

        /// Rows for which the condition is true go on.
        record Where(String stage, String condition) implements Step {}

        /// The record key is this column, or the row is one that the engine turns away.
        ///
        /// @param placed whether the key must belong to the partition, too
        record Claim(String stage, String column, boolean placed) implements Step {}
    }

    /// How one component is computed, and what it is read back as.
    ///
    /// @param of the column, or the condition of a count; null for a count of rows
    record Cell(Stage.FoldKind kind, @Nullable String of, Value value) {}

    /// A value as the folded row keeps it.
    enum Value {
        BOOLEAN,
        INT,
        LONG,
        DECIMAL,
        TEXT,
        INSTANT
    }

    /// Which record keys have one spelling only.
    enum KeyText {
        /// Every text.
        ANY(null),
        LONG("^(0|-?[1-9][0-9]{0,17})$"),
        INT("^(0|-?[1-9][0-9]{0,8})$"),
        UUID("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$");

        final @Nullable String pattern;

        KeyText(@Nullable String pattern) {
            this.pattern = pattern;
        }
    }
}
