package io.weir.connect.library.file;

import org.jspecify.annotations.Nullable;

/// What a row means as a record.
final class FileRecord {
    private final @Nullable String key;
    private final @Nullable Long timestampMillis;
    private final byte[] value;

    FileRecord(@Nullable String key, @Nullable Long timestampMillis, byte[] value) {
        this.key = key;
        this.timestampMillis = timestampMillis;
        this.value = value;
    }

    @Nullable
    String key() {
        return key;
    }

    /// Milliseconds since 1970, `>= 0`; null where the row has no time.
    @Nullable
    Long timestampMillis() {
        return timestampMillis;
    }

    byte[] value() {
        return value;
    }
}
