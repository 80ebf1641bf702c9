package io.weir.streams.dsl;

/// How the values of a topic are written.
public enum Format {
    /// JSON; strings and bytes as they are.
    JSON,
    /// Avro in the frame of a Confluent-compatible registry: a zero byte, the schema's id in four bytes, the
    /// value. A component takes the field of its name; a field that the row does not name is skipped, a
    /// missing one is null.
    AVRO
}
