package io.weir.streams.replay;

import java.util.List;

/// A question about the records of a partition, which are JSON objects.
///
/// @param members of the objects that have to be there as a type wants them
/// @param sql one SELECT of DuckDB's dialect `FROM history`. A row of it is a record; its columns are those of the
///     members, and `_offset`, `_key`, `_key_is_raw`, `_tombstone`, `_timestamp_us`, `_exact`: false where the columns
///     are not for certain what a strict reader makes of the object
/// @param maxRows after which the answer is cut off
public record FoldQuery(List<Member> members, String sql, long maxRows) {
    public FoldQuery {
        members = List.copyOf(members);
    }

    /// One member.
    ///
    /// @param column its name in the query
    /// @param key in the object
    /// @param type what it is bound to
    /// @param queried whether the query has it; else it only must be one that can be bound
    public record Member(String column, String key, Type type, boolean queried) {}

    /// What a member is bound to.
    public enum Type {
        BOOLEAN,
        INT,
        LONG,
        DECIMAL,
        DOUBLE,
        TEXT,
        /// In microseconds since 1970.
        INSTANT,
        UUID
    }
}
