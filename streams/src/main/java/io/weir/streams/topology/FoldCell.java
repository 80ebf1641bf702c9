package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One number or value that a fold keeps per key and window, as an immutable object. Null = no value yet.
interface FoldCell {
    /// The cell after one more row.
    @Nullable
    Object add(@Nullable Object cell, Object row);

    /// What the cell means to the reader of the folded row.
    @Nullable
    Object result(@Nullable Object cell);

    /// Writes a cell that is not null as one JSON value.
    void write(Object cell, JsonGenerator generator) throws IOException;

    /// Reads what [#write] wrote; the parser stands on its first token and is left on its last.
    Object read(JsonParser parser) throws IOException;
}
