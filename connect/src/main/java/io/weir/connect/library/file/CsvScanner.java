package io.weir.connect.library.file;

/// Follows the quotes of RFC 4180: a quote opens a field only as its first character, and two quotes inside
/// are one. A quote anywhere else is wrong, but moves no row end, so that one bad row does not swallow its
/// neighbours.
final class CsvScanner implements RowScanner {
    private enum At {
        FIELD_START,
        PLAIN,
        QUOTED,
        /// Behind a quote inside a quoted field: it ended the field, or is the first of a pair.
        QUOTE
    }

    private final byte delimiter;
    private At at = At.FIELD_START;

    CsvScanner(byte delimiter) {
        this.delimiter = delimiter;
    }

    @Override
    public void begin() {
        at = At.FIELD_START;
    }

    @Override
    public int scan(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (at == At.QUOTED) {
                if (b == '"') {
                    at = At.QUOTE;
                }
            } else if (b == '\n') {
                return i + 1;
            } else if (b == delimiter) {
                at = At.FIELD_START;
            } else if (b == '"' && at != At.PLAIN) {
                at = At.QUOTED;
            } else {
                at = At.PLAIN;
            }
        }
        return -1;
    }

    @Override
    public boolean insideQuotes() {
        return at == At.QUOTED;
    }
}
