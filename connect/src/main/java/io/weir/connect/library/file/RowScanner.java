package io.weir.connect.library.file;

/// Finds the end of a row in bytes that arrive piece by piece. It remembers where in the row it is; one
/// scanner serves one reader, on one thread.
interface RowScanner {
    /// Forgets what it saw: the next byte begins a row.
    void begin();

    /// Looks at `bytes[from, to)`.
    ///
    /// @return the index behind the LF that ends the row, or -1 when the row goes on behind `to`
    int scan(byte[] bytes, int from, int to);

    /// Whether the bytes seen since [#begin] end inside quotes.
    boolean insideQuotes();

    /// A row is a line.
    static RowScanner lines() {
        return new Lines();
    }

    /// A row is one of RFC 4180: a LF inside quotes belongs to the field.
    static RowScanner csv(char delimiter) {
        return new CsvScanner((byte) delimiter);
    }

    /// Each LF ends a row.
    final class Lines implements RowScanner {
        @Override
        public void begin() {
            // a line has no state
        }

        @Override
        public int scan(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        @Override
        public boolean insideQuotes() {
            return false;
        }
    }
}
