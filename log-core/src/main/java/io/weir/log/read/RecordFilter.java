package io.weir.log.read;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which records of a range are wanted; all given conditions must hold.
///
/// @param key the whole key, as UTF-8
/// @param contains occurs in key or value, as UTF-8
/// @param notBefore the record's own timestamp is not earlier
public record RecordFilter(Optional<String> key, Optional<String> contains, Optional<Instant> notBefore) {
    public static RecordFilter none() {
        return new RecordFilter(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public RecordFilter withNotBefore(Instant instant) {
        boolean later = notBefore.isPresent() && notBefore.get().isAfter(instant);
        return later ? this : new RecordFilter(key, contains, Optional.of(instant));
    }

    boolean accepts(ReadRecord record) {
        if (notBefore.isPresent() && record.timestamp().isBefore(notBefore.get())) {
            return false;
        }
        if (key.isPresent()
                && !Arrays.equals(
                        key.get().getBytes(StandardCharsets.UTF_8),
                        record.content().key())) {
            return false;
        }
        return contains.isEmpty()
                || occursIn(contains.get(), record.content().value())
                || occursIn(contains.get(), record.content().key());
    }

    private static boolean occursIn(String wanted, byte @Nullable [] bytes) {
        return bytes != null && new String(bytes, StandardCharsets.UTF_8).contains(wanted);
    }
}
