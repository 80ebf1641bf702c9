package io.weir.connect.library.file;

import org.jspecify.annotations.Nullable;

/// One row of a file: a line, or a CSV row that may span several. Its bytes lack the line end and belong to
/// the reader of this object.
final class FileRow {
    private final byte[] bytes;
    private final long line;
    private final long lastLine;
    private final long end;
    private final @Nullable String flaw;

    FileRow(byte[] bytes, long line, long lastLine, long end, @Nullable String flaw) {
        this.bytes = bytes;
        this.line = line;
        this.lastLine = lastLine;
        this.end = end;
        this.flaw = flaw;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Number of its first line, counted from 1.
    long line() {
        return line;
    }

    /// Number of its last line; `line <= lastLine`.
    long lastLine() {
        return lastLine;
    }

    /// Uncompressed bytes of the file up to and with its line end: where the next row starts.
    long end() {
        return end;
    }

    /// Why it could not be cut out properly, or null.
    @Nullable
    String flaw() {
        return flaw;
    }
}
