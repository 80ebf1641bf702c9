package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// About how many different values there are; values are different when their JSON is. The cell is a
/// [DistinctSketch], its JSON the sketch's bytes in base 64.
record DistinctCell(Column<Object, @Nullable Object> of, ObjectMapper json) implements FoldCell {
    @Override
    public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
        Object value = of.of(row);
        if (value == null) {
            return cell;
        }
        DistinctSketch sketch = cell == null ? new DistinctSketch() : (DistinctSketch) cell;
        try {
            sketch.add(json.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return sketch;
    }

    @Override
    public Object merge(Object earlier, Object later) {
        DistinctSketch sketch = (DistinctSketch) earlier;
        sketch.merge((DistinctSketch) later);
        return sketch;
    }

    @Override
    public Object result(@Nullable Object cell) {
        return cell == null ? 0L : ((DistinctSketch) cell).estimate();
    }

    @Override
    public void write(Object cell, JsonGenerator generator) throws IOException {
        generator.writeBinary(((DistinctSketch) cell).bytes());
    }

    @Override
    public Object read(JsonParser parser) throws IOException {
        return DistinctSketch.of(parser.getBinaryValue());
    }
}
