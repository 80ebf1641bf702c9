package io.weir.log.record;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a record carries, whatever its place in the log.
///
/// @param key null: no key, the record may lie in any partition
/// @param value null: a deletion in a compacted topic
/// @param headers in order; copied
@SuppressWarnings("ArrayRecordComponent") // equality by content is written out; records are read in bulk
public record RecordContent(byte @Nullable [] key, byte @Nullable [] value, List<RecordHeader> headers) {
    public RecordContent {
        headers = List.copyOf(headers);
    }

    /// Bytes of key, value and headers, without the log's own framing.
    public long bytes() {
        long sum = length(key) + length(value);
        for (RecordHeader header : headers) {
            sum += header.name().length() + length(header.value());
        }
        return sum;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordContent that
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(key), Arrays.hashCode(value), headers);
    }

    @Override
    public String toString() {
        return "RecordContent[" + bytes() + " bytes]";
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
