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

    /// The topic for rows that its late gate turns away; null = there is no gate, or they are counted and
    /// left out.
    default @Nullable String late() {
        return null;
    }

    /// Reads a topic.
    ///
    /// @param topic the name of the topic
    /// @param kind what its records mean
    /// @param key type of the record key
    /// @param type type of the row
    /// @param eventTime the instant at which the row happened; null = the record's timestamp
    /// @param historyMillis how far back a table keeps former rows; 0 = only the latest
    /// @param format how its values are written
    record Source(
            String name,
            String topic,
            SourceKind kind,
            RowType key,
            RowType type,
            @Nullable Expr eventTime,
            long historyMillis,
            Format format)
            implements Stage {
        Source withEventTime(Expr expr) {
            return new Source(name, topic, kind, key, type, expr, historyMillis, format);
        }

        Source withHistory(long millis) {
            return new Source(name, topic, kind, key, type, eventTime, millis, format);
        }

        Source withFormat(Format other) {
            return new Source(name, topic, kind, key, type, eventTime, historyMillis, other);
        }

        Source withName(String other) {
            return new Source(other, topic, kind, key, type, eventTime, historyMillis, format);
        }

        @Override
        public List<String> inputs() {
            return List.of();
        }

        /// Whether a record replaces the one before of its key.
        public boolean table() {
            return kind != SourceKind.STREAM;
        }
    }

    /// What the records of a topic mean.
    enum SourceKind {
        /// Every record is a row.
        STREAM,
        /// The latest row per key.
        TABLE,
        /// The latest row per key, all of them on every node.
        GLOBAL
    }

    /// Lets pass the rows for which the expression is true. In a table the others become deletes.
    record Filter(String name, List<String> inputs, Expr expr) implements Stage {}

    /// Makes another row of each row; key and partition stay.
    record MapStage(String name, List<String> inputs, RowType type, Expr function) implements Stage {}

    /// Makes any number of rows of each row; key and partition stay.
    record FlatMap(String name, List<String> inputs, RowType type, Opaque function) implements Stage {}

    /// Makes another row of each row, component by component, as the plan can see.
    ///
    /// @param columns how each component of the result is computed, in their order
    record Select(String name, List<String> inputs, List<Assigned> columns, RowType type) implements Stage {}

    /// Gives rows a new key.
    ///
    /// @param key what the new key is
    /// @param repartition whether rows travel through an internal topic to the partition of their new key
    /// @param declared true: the record key already is that value, which is checked for every row; never
    ///     repartitions
    record KeyBy(String name, List<String> inputs, Expr key, RowType type, boolean repartition, boolean declared)
            implements Stage {}

    /// The rows of several streams as one. What order they come in is not defined.
    record Merge(String name, List<String> inputs) implements Stage {}

    /// Decides for each row which arm takes it: the first whose condition holds. A row that no arm takes is
    /// left out.
    ///
    /// @param arms in the order they are asked
    record Branch(String name, List<String> inputs, List<Arm> arms) implements Stage {}

    /// The rows that one arm of a branch takes.
    ///
    /// @param arm the name of the arm
    record BranchArm(String name, List<String> inputs, String arm) implements Stage {}

    /// Folds the rows of each key and window into one.
    ///
    /// @param window how event time is cut
    /// @param graceMillis how far event time must have passed the end of a window until it closes, at least
    ///     0
    /// @param late topic for rows whose window has closed; null = they are counted and left out
    /// @param fold how the result is computed
    /// @param updates false: one final per window, when it closes; true: the result so far with every row
    /// @param type the result
    record WindowFold(
            String name,
            List<String> inputs,
            WindowShape window,
            long graceMillis,
            @Nullable String late,
            Folding fold,
            boolean updates,
            RowType type)
            implements Stage {}

    /// Folds all rows of each key into one, a table.
    ///
    /// @param fold how the result is computed
    /// @param everyUpdate true: each change is passed on; false: changes that follow each other within a
    ///     commit may be passed on as one
    /// @param type the result
    record Fold(String name, List<String> inputs, Folding fold, boolean everyUpdate, RowType type) implements Stage {}

    /// Passes on a change of a table only once the key has been quiet for a while, in event time.
    record Settle(String name, List<String> inputs, long quietMillis) implements Stage {}

    /// Joins each row with the present row of a table that has the same key (of a windowed row: the key
    /// within the window). Inputs: the stream, the table.
    ///
    /// @param left true: rows without a match are joined with null; false: they are left out
    record Join(String name, List<String> inputs, boolean left, Opaque function, RowType type) implements Stage {}

    /// Joins rows of two streams that have the same key and lie close together in event time.
    ///
    /// @param withinMillis how far they may lie apart, at least 0
    /// @param graceMillis how far a row may lie behind the greatest event time of both sides, at least 0
    /// @param late topic for rows of both sides that come later; null = they are counted and left out
    record StreamJoin(
            String name,
            List<String> inputs,
            JoinKind kind,
            long withinMillis,
            long graceMillis,
            @Nullable String late,
            Opaque function,
            RowType type)
            implements Stage {}

    /// Joins the rows of two tables that have the same key, into a table.
    record TableJoin(String name, List<String> inputs, JoinKind kind, Opaque function, RowType type) implements Stage {}

    /// Joins the rows of a table with the rows of another that a column names, into a table.
    ///
    /// @param foreignKey the key of the other table, computed from a row of the first
    /// @param left true: rows without a match are joined with null; false: they are left out
    record ForeignKeyJoin(
            String name, List<String> inputs, boolean left, Expr foreignKey, Opaque function, RowType type)
            implements Stage {}

    /// Joins each row with the present row of a global table. Inputs: the stream, the table.
    ///
    /// @param left true: rows without a match are joined with null; false: they are left out
    /// @param key what is looked up, computed from the row
    record GlobalJoin(String name, List<String> inputs, boolean left, Expr key, Opaque function, RowType type)
            implements Stage {}

    /// Runs an operator of the job's own.
    ///
    /// @param code a [Step]
    /// @param stores what it keeps
    /// @param key type of the keys it passes on
    /// @param type type of the rows it passes on
    record Custom(String name, List<String> inputs, Opaque code, List<Kept> stores, RowType key, RowType type)
            implements Stage {}

    /// Code on the engine itself: a part of a plan, or a whole job.
    ///
    /// @param reads topics that it reads by itself
    /// @param writes outputs that it writes by itself
    /// @param code what only the compiler of plans can open
    /// @param key type of the keys it passes on
    /// @param type type of the rows it passes on
    record Foreign(
            String name,
            List<String> inputs,
            List<String> reads,
            List<String> writes,
            Opaque code,
            RowType key,
            RowType type)
            implements Stage {}

    /// Writes a topic.
    ///
    /// @param upsert true: the topic holds the latest row per key and is compacted; false: every row is
    ///     appended
    record Sink(String name, List<String> inputs, String topic, boolean upsert) implements Stage {}

    /// A store of a custom operator.
    record Kept(String name, RowType key, RowType value) {}

    /// One component of a row and what it becomes.
    ///
    /// @param name the component
    /// @param of a field, a constant or opaque code; null = the component becomes null
    record Assigned(String name, @Nullable Expr of) {}

    /// One way out of a branch.
    ///
    /// @param name of the arm, not of a stage
    /// @param condition null = takes whatever is left
    record Arm(String name, @Nullable Expr condition) {}

    /// One component of a folded row.
    ///
    /// @param name the component
    /// @param kind what is computed
    /// @param of the column it is computed from, or the condition; null for a count
    /// @param limit how many values are kept at most; 0 where that has no meaning
    record FoldColumn(String name, FoldKind kind, @Nullable Expr of, int limit) {}

    /// What a fold can compute. Null columns are left out, as in SQL; a count counts rows.
    enum FoldKind {
        COUNT("count"),
        COUNT_IF("countIf"),
        SUM("sum"),
        /// A sum of binary floating point numbers: its last digits depend on the order of the rows.
        APPROXIMATE_SUM("approximateSum"),
        MIN("min"),
        MAX("max"),
        AVG("avg"),
        /// An average of binary floating point numbers.
        APPROXIMATE_AVG("approximateAvg"),
        /// The value of the row with the least event time.
        FIRST("first"),
        /// The value of the row with the greatest event time.
        LAST("last"),
        /// How many different values there are: exact for few, about 1.6 % off for many.
        DISTINCT_APPROX("distinctApprox"),
        /// The first values in the order of event time, no more than a limit.
        COLLECT("collect");

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
