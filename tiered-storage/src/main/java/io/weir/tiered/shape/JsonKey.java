package io.weir.tiered.shape;

import io.weir.tiered.segment.Utf8;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The keys of objects, as text.
final class JsonKey {
    private JsonKey() {}

    /// @param start behind the opening quote
    /// @return null when the key is not well-formed
    static @Nullable String read(byte[] text, int start, int end) {
        if (!Utf8.isValid(text, start, end - start)) {
            return null;
        }
        for (int i = start; i < end; i++) {
            if (text[i] == '\\') {
                TextOut plain = new TextOut();
                return StringText.unescape(text, start, end, plain)
                        ? new String(plain.bytes(), 0, plain.size(), StandardCharsets.UTF_8)
                        : null;
            }
        }
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }
}
