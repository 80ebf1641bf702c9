package io.weir.tiered.shape;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/// Parsed schemas of one file's values, asked for once each. One thread.
final class AvroSchemas {
    /// A zero and the schema's id stand before each value.
    static final int PREFIX = 5;

    private final SchemaLookup lookup;
    private final Map<Integer, Optional<Schema>> known = new HashMap<>();

    AvroSchemas(SchemaLookup lookup) {
        this.lookup = lookup;
    }

    /// Whether a value begins as the wire format demands. JSON and text never do.
    static boolean mayBe(byte[] value, int start, int length) {
        return length >= PREFIX && value[start] == 0;
    }

    /// The schema of a value that begins at `start`.
    Optional<Schema> of(byte[] value, int start) {
        int id = ((value[start + 1] & 0xFF) << 24)
                | ((value[start + 2] & 0xFF) << 16)
                | ((value[start + 3] & 0xFF) << 8)
                | (value[start + 4] & 0xFF);
        return known.computeIfAbsent(id, this::load);
    }

    /// A registry that does not answer leaves the values of this file raw; the next file asks again.
    private Optional<Schema> load(int id) {
        try {
            return lookup.avro(id).map(text -> new Schema.Parser().parse(text));
        } catch (IOException | AvroRuntimeException e) {
            return Optional.empty();
        }
    }
}
