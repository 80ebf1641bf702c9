package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One number or value that a fold keeps per key and window. Null = no value yet. What [#read] has given
/// belongs to the caller and may be changed by the next [#add] or [#merge].
interface FoldCell {
    /// The cell after one more row.
    @Nullable
    Object add(@Nullable Object cell, Object row, long timeMillis);

    /// One cell of two, neither of which is null; the first is of the session that began first.
    Object merge(Object earlier, Object later);

    /// What the cell means to the reader of the folded row.
    @Nullable
    Object result(@Nullable Object cell);

    /// Writes a cell that is not null as one JSON value.
    void write(Object cell, JsonGenerator generator) throws IOException;

    /// Reads what [#write] wrote; the parser stands on its first token and is left on its last.
    Object read(JsonParser parser) throws IOException;
}
