package io.weir.tiered.table;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/// What a table's metadata says of a column of 64 bits in a file.
final class FileBounds {
    private FileBounds() {}

    /// Empty when nobody wrote it down, or every value is null.
    static OptionalLong lower(DataFile file, int fieldId) {
        return bound(file.lowerBounds(), fieldId);
    }

    /// See [#lower].
    static OptionalLong upper(DataFile file, int fieldId) {
        return bound(file.upperBounds(), fieldId);
    }

    private static OptionalLong bound(Map<Integer, ByteBuffer> bounds, int fieldId) {
        ByteBuffer bound = bounds == null ? null : bounds.get(fieldId);
        if (bound == null) {
            return OptionalLong.empty();
        }
        Long value = Conversions.fromByteBuffer(Types.LongType.get(), bound);
        return OptionalLong.of(value);
    }
}
