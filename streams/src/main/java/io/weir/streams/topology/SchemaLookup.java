package io.weir.streams.topology;

import java.util.Optional;

/// Schemas by the ids that producers write before their records. An id means the same schema for ever. Safe
/// for use by any thread.
@FunctionalInterface
public interface SchemaLookup {
    /// The Avro schema as JSON; empty when there is none with this id, or it is of another kind.
    ///
    /// @throws SchemaUnavailable whoever keeps the schemas did not answer
    Optional<String> avro(int id);
}
