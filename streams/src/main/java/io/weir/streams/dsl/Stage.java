package io.weir.streams.dsl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step of a plan. A plan lists its stages so that each stands after its inputs.
///
/// The name is the path of operators from the source (`clicks.where.keyBy.window`) or what `.named()` said;
/// state stores and internal topics carry it, so a renamed stateful stage loses its state.
public sealed interface Stage {
    String name();

    /// Names of the stages it reads from, in their order.
    List<String> inputs();

    /// Reads a topic.
    ///
    /// @param topic the name of the topic
    /// @param table true: the latest row per key; false: every record
    /// @param key type of the record key
    /// @param type type of the row
    /// @param eventTime the instant at which the row happened; null = the record's timestamp
    record Source(
            String name,
            String topic,
            boolean table,
            RowType key,
            RowType type,
            @Nullable Expr eventTime) implements Stage {
        @Override
        public List<String> inputs() {
            return List.of();
        }
    }

    /// Lets pass the rows for which the expression is true.
    record Filter(String name, List<String> inputs, Expr expr) implements Stage {}

    /// Makes another row of each row; key and partition stay.
    record MapStage(String name, List<String> inputs, RowType type, Expr function) implements Stage {}

    /// Gives rows a new key.
    ///
    /// @param key what the new key is
    /// @param repartition whether rows travel through an internal topic to the partition of their new key
    /// @param declared true: the record key already is that value, which is checked for every row; never
    ///     repartitions
    record KeyBy(String name, List<String> inputs, Expr key, RowType type, boolean repartition, boolean declared)
            implements Stage {}

    /// Folds the rows of each key and tumbling window into one; passes the result on when the window has
    /// closed.
    ///
    /// @param sizeMillis length of a window, at least 1; windows are aligned to 1970-01-01T00:00:00Z
    /// @param graceMillis how far event time must have passed the end of a window until it closes, at least
    ///     0
    /// @param late topic for rows whose window has closed; null = they are counted and left out
    /// @param fold how each component of the result is computed
    /// @param type the result
    record WindowFold(
            String name,
            List<String> inputs,
            long sizeMillis,
            long graceMillis,
            @Nullable String late,
            List<FoldColumn> fold,
            RowType type)
            implements Stage {}

    /// Joins each row with the present row of a table that has the same key (of a windowed row: the key
    /// within the window). Inputs: the stream, the table.
    ///
    /// @param left true: rows without a match are joined with null; false: they are left out
    record Join(String name, List<String> inputs, boolean left, Opaque function, RowType type) implements Stage {}

    /// Writes a topic.
    ///
    /// @param upsert true: the topic holds the latest row per key and is compacted; false: every row is
    ///     appended
    record Sink(String name, List<String> inputs, String topic, boolean upsert) implements Stage {}

    /// One component of a folded row.
    ///
    /// @param name the component
    /// @param kind what is computed
    /// @param of the column it is computed from; null for a count
    record FoldColumn(String name, FoldKind kind, @Nullable Expr of) {}

    /// What a fold can compute. Null columns are left out, as in SQL; a count counts rows.
    enum FoldKind {
        COUNT("count"),
        SUM("sum"),
        /// A sum of binary floating point numbers: its last digits depend on the order of the rows.
        APPROXIMATE_SUM("approximateSum"),
        MIN("min"),
        MAX("max"),
        AVG("avg");

        private final String json;

        FoldKind(String json) {
            this.json = json;
        }

        /// The name in a plan's JSON.
        String json() {
            return json;
        }
    }
}
