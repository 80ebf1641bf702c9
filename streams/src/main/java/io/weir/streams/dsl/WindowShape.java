package io.weir.streams.dsl;

/// How event time is cut into windows.
///
/// In a result the end of a window is the first millisecond after it, for sliding windows and sessions too:
/// `window_end - 1` is the time of their last row.
public sealed interface WindowShape {
    /// Windows of one length that neither overlap nor leave gaps, aligned to 1970-01-01T00:00:00Z.
    ///
    /// @param sizeMillis at least 1
    record Tumbling(long sizeMillis) implements WindowShape {}

    /// Windows of one length that start regularly, aligned to 1970-01-01T00:00:00Z, and overlap.
    ///
    /// @param sizeMillis at least everyMillis
    /// @param everyMillis from one start to the next, at least 1
    record Hopping(long sizeMillis, long everyMillis) implements WindowShape {}

    /// All windows of one length that begin or end with a row.
    ///
    /// @param differenceMillis how far the first and the last row may lie apart, at least 1
    record Sliding(long differenceMillis) implements WindowShape {}

    /// Rows that follow each other without a long pause.
    ///
    /// @param gapMillis the longest pause within a session, at least 1
    record Session(long gapMillis) implements WindowShape {}

    /// How long a window lasts; of a session, how far a row of its own reaches.
    default long spanMillis() {
        return switch (this) {
            case Tumbling tumbling -> tumbling.sizeMillis();
            case Hopping hopping -> hopping.sizeMillis();
            case Sliding sliding -> sliding.differenceMillis();
            case Session session -> session.gapMillis();
        };
    }

    /// Whether all windows begin and end with a whole second.
    default boolean wholeSeconds() {
        return switch (this) {
            case Tumbling tumbling -> tumbling.sizeMillis() % 1_000 == 0;
            case Hopping hopping -> hopping.sizeMillis() % 1_000 == 0 && hopping.everyMillis() % 1_000 == 0;
            case Sliding sliding -> false;
            case Session session -> false;
        };
    }
}
