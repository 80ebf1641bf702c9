package io.weir.tiered.shape;

import java.io.IOException;
import java.util.Optional;

/// Schemas by the ids that producers write before their records (a registry's `/schemas/ids/{id}`). An id means the
/// same schema for ever. Safe for use by any thread.
@FunctionalInterface
public interface SchemaLookup {
    /// Knows no schema: such values stay raw.
    SchemaLookup NONE = id -> Optional.empty();

    /// The Avro schema as JSON; empty when there is none with this id, or it is of another kind.
    ///
    /// @throws IOException whoever keeps the schemas did not answer
    Optional<String> avro(int id) throws IOException;
}
