package io.weir.streams.topology;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Where a page of entries ends, and which keys belong to a range. Keys compare as their bytes do.
final class Paging {
    private Paging() {}

    /// The text that leads to the entries behind this one.
    static @Nullable String cursor(byte @Nullable [] last) {
        return last == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(last);
    }

    /// Both ends included; null = without an end.
    static boolean within(byte[] key, byte @Nullable [] from, byte @Nullable [] to) {
        return (from == null || Arrays.compareUnsigned(key, from) >= 0)
                && (to == null || Arrays.compareUnsigned(key, to) <= 0);
    }
}
