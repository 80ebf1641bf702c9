package io.weir.tiered.shape;

/// Finds the ends of JSON values in bytes without building anything. Strict where a shape needs it, and where it is
/// not (number spellings, escapes, UTF-8) the proof is.
final class JsonScan {
    static final int NONE = -1;

    private JsonScan() {}

    /// First index from `at` on that is no white space.
    static int space(byte[] text, int at, int limit) {
        int next = at;
        while (next < limit && isSpace(text[next])) {
            next++;
        }
        return next;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /// Index behind the string that begins at `at`.
    static int string(byte[] text, int at, int limit) {
        for (int i = at + 1; i < limit; i++) {
            byte c = text[i];
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
            } else if (c >= 0 && c < ' ') {
                return NONE;
            }
        }
        return NONE;
    }

    /// Index behind `true`, `false` or `null` at `at`.
    static int word(byte[] text, int at, int limit) {
        String word = switch (text[at]) {
            case 't' -> "true";
            case 'f' -> "false";
            default -> "null";
        };
        if (limit - at < word.length()) {
            return NONE;
        }
        for (int i = 0; i < word.length(); i++) {
            if (text[at + i] != word.charAt(i)) {
                return NONE;
            }
        }
        return at + word.length();
    }

    /// Index behind the value that begins at `at`.
    ///
    /// @param depth nesting that is still allowed
    static int value(byte[] text, int at, int limit, int depth) {
        if (at >= limit || depth < 0) {
            return NONE;
        }
        return switch (text[at]) {
            case '{' -> object(text, at, limit, depth - 1);
            case '[' -> array(text, at, limit, depth - 1);
            case '"' -> string(text, at, limit);
            case 't', 'f', 'n' -> word(text, at, limit);
            default -> number(text, at, limit);
        };
    }

    static int number(byte[] text, int at, int limit) {
        int end = DoubleText.end(text, at, limit);
        return end == at ? NONE : end;
    }

    private static int object(byte[] text, int start, int limit, int depth) {
        int at = space(text, start + 1, limit);
        if (at < limit && text[at] == '}') {
            return at + 1;
        }
        while (at < limit && text[at] == '"') {
            at = string(text, at, limit);
            at = at < 0 ? limit : space(text, at, limit);
            if (at >= limit || text[at] != ':') {
                return NONE;
            }
            at = value(text, space(text, at + 1, limit), limit, depth);
            at = at < 0 ? limit : space(text, at, limit);
            if (at < limit && text[at] == '}') {
                return at + 1;
            }
            if (at >= limit || text[at] != ',') {
                return NONE;
            }
            at = space(text, at + 1, limit);
        }
        return NONE;
    }

    private static int array(byte[] text, int start, int limit, int depth) {
        int at = space(text, start + 1, limit);
        if (at < limit && text[at] == ']') {
            return at + 1;
        }
        while (at < limit) {
            at = value(text, at, limit, depth);
            at = at < 0 ? limit : space(text, at, limit);
            if (at < limit && text[at] == ']') {
                return at + 1;
            }
            if (at >= limit || text[at] != ',') {
                return NONE;
            }
            at = space(text, at + 1, limit);
        }
        return NONE;
    }

    /// Whether the whole of `text[start, limit)` is one value.
    static boolean isValue(byte[] text, int start, int limit, int depth) {
        int end = value(text, space(text, start, limit), limit, depth);
        return end >= 0 && space(text, end, limit) == limit;
    }
}
