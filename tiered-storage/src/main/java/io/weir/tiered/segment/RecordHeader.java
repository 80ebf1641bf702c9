package io.weir.tiered.segment;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One header of a record. Keys may repeat within a record; order matters; the value may be null or empty.
///
/// @param key never null
/// @param value not copied: the caller must not change it afterwards
@SuppressWarnings("ArrayRecordComponent") // equality by content is given below
public record RecordHeader(String key, byte @Nullable [] value) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordHeader header && key.equals(header.key) && Arrays.equals(value, header.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, Arrays.hashCode(value));
    }

    @Override
    public String toString() {
        return key + "=" + (value == null ? "null" : value.length + " bytes");
    }
}
