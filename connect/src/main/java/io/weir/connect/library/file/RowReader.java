package io.weir.connect.library.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Cuts a stream into rows and knows the byte position of each, whatever its line ends are. Not thread-safe;
/// closes the stream that it was given.
///
/// A row that cannot be cut, because it is longer than the limit or its quotes never close, comes back with a
/// flaw; the reader goes on with the next line.
final class RowReader implements Closeable {
    private static final int CHUNK_BYTES = 128 * 1024;
    private static final int LONGEST_LINE_END = 2;

    private final InputStream in;
    private final RowScanner scanner;
    private final int maxRowBytes;
    private byte[] buffer = new byte[CHUNK_BYTES];
    /// The row under way starts at `start`; bytes up to `end` have been read: `start <= end <=
    /// buffer.length`.
    private int start;

    private int end;
    private boolean ended;
    private long position;
    private long lines;

    /// @param position uncompressed bytes in front of the stream's first byte
    /// @param lines lines in front of it
    RowReader(InputStream in, RowScanner scanner, int maxRowBytes, long position, long lines) {
        this.in = in;
        this.scanner = scanner;
        this.maxRowBytes = maxRowBytes;
        this.position = position;
        this.lines = lines;
    }

    /// The next row, or null at the end. A last line without line end counts; an end behind a line end is no
    /// row.
    @Nullable
    FileRow next() throws IOException {
        scanner.begin();
        int scanned = 0;
        while (true) {
            // the limit, and not what happens to be in the buffer, decides what is looked at: a restart sees the same
            int limit = Math.min(end, start + maxRowBytes + LONGEST_LINE_END);
            int rowEnd = scanner.scan(buffer, start + scanned, limit);
            if (rowEnd >= 0 && rowEnd - start - lineEndBytes(rowEnd) <= maxRowBytes) {
                return take(rowEnd, null);
            }
            scanned = limit - start;
            if (rowEnd >= 0 || scanned == maxRowBytes + LONGEST_LINE_END) {
                return overlong(limit);
            }
            if (!fill()) {
                return last();
            }
        }
    }

    /// Leaves out a UTF-8 byte order mark; to be called before the first row of a file only.
    void skipByteOrderMark() throws IOException {
        while (end - start < 3 && fill()) {
            // until three bytes are there or the file ends
        }
        if (end - start >= 3
                && buffer[start] == (byte) 0xEF
                && buffer[start + 1] == (byte) 0xBB
                && buffer[start + 2] == (byte) 0xBF) {
            advance(start + 3);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private @Nullable FileRow last() throws IOException {
        if (start == end) {
            return null;
        }
        if (scanner.insideQuotes()) {
            int lineEnd = firstLineEnd(end);
            return take(lineEnd < 0 ? end : lineEnd, "a quoted field is not closed");
        }
        return end - start <= maxRowBytes ? take(end, null) : overlong(end);
    }

    /// A row that does not end in time: its first line alone if there is one, else what fits of it.
    private FileRow overlong(int limit) throws IOException {
        int lineEnd = firstLineEnd(limit);
        if (lineEnd >= 0 && lineEnd - start - lineEndBytes(lineEnd) <= maxRowBytes) {
            return take(lineEnd, "the row, or a quote that is not closed, goes beyond line.max.bytes=" + maxRowBytes);
        }
        byte[] kept = Arrays.copyOfRange(buffer, start, start + maxRowBytes);
        int found = lineEnd;
        while (found < 0) {
            advance(end);
            if (!fill()) {
                break;
            }
            found = firstLineEnd(end);
        }
        if (found >= 0) {
            advance(found);
        }
        lines++;
        String flaw = "the line is longer than line.max.bytes=" + maxRowBytes + "; only its beginning is kept";
        return new FileRow(kept, lines, lines, position, flaw);
    }

    private FileRow take(int rowEnd, @Nullable String flaw) {
        byte[] bytes = Arrays.copyOfRange(buffer, start, rowEnd - lineEndBytes(rowEnd));
        long first = lines + 1;
        lines = first;
        for (byte b : bytes) {
            if (b == '\n') {
                lines++;
            }
        }
        advance(rowEnd);
        return new FileRow(bytes, first, lines, position, flaw);
    }

    private int lineEndBytes(int rowEnd) {
        if (rowEnd == start || buffer[rowEnd - 1] != '\n') {
            return 0;
        }
        return rowEnd - 1 > start && buffer[rowEnd - 2] == '\r' ? LONGEST_LINE_END : 1;
    }

    private int firstLineEnd(int limit) {
        for (int i = start; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private void advance(int to) {
        position += to - start;
        start = to;
    }

    /// Reads more bytes behind `end`; the row under way moves to the front of the buffer when there is no
    /// room.
    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (end == buffer.length) {
            byte[] target = start == 0 ? new byte[buffer.length * 2] : buffer;
            System.arraycopy(buffer, start, target, 0, end - start);
            buffer = target;
            end -= start;
            start = 0;
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            ended = true;
            return false;
        }
        end += read;
        return true;
    }
}
