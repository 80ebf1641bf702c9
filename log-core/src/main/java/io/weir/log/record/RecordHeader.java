package io.weir.log.record;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One header of a record. Names may repeat and their order counts.
///
/// @param value owned by the header from here on; null is not the same as empty
@SuppressWarnings("ArrayRecordComponent") // equality by content is written out; records are read in bulk
public record RecordHeader(String name, byte @Nullable [] value) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordHeader that && name.equals(that.name) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, Arrays.hashCode(value));
    }

    @Override
    public String toString() {
        return "RecordHeader[" + name + ", " + (value == null ? "null" : value.length + " bytes") + "]";
    }
}
