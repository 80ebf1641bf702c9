package io.weir.log.journal;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One key with its new value. The journal's topic is compacted: of each key only the newest value survives.
///
/// @param value owned by the entry from here on, so that the caller must not change it; null deletes the key
@SuppressWarnings("ArrayRecordComponent") // equality by content is written out; copying artifacts would double them
public record Entry(String key, byte @Nullable [] value) {
    /// An entry that removes the key from the topic.
    public static Entry deletion(String key) {
        return new Entry(key, null);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Entry that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, Arrays.hashCode(value));
    }

    @Override
    public String toString() {
        return "Entry[" + key + ", " + (value == null ? "deletion" : value.length + " bytes") + "]";
    }
}
