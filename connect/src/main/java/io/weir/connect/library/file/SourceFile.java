package io.weir.connect.library.file;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/// A file while it is read, from a position on. Not thread-safe.
final class SourceFile implements Closeable {
    private static final int GZIP_BUFFER_BYTES = 64 * 1024;

    private final Path path;
    private final RowReader rows;
    private final RowDecoder decoder;

    private SourceFile(Path path, RowReader rows, RowDecoder decoder) {
        this.path = path;
        this.rows = rows;
        this.decoder = decoder;
    }

    /// Opens `path` behind `from`; a CSV file's header is read again from its beginning.
    ///
    /// @throws ConnectException when the file cannot be read, has shrunk, or its header is bad
    static SourceFile open(Path path, FilePosition from, FileSourceSettings settings) {
        try {
            RowDecoder decoder = switch (settings.format()) {
                case LINES -> RowDecoder.lines();
                case NDJSON -> new JsonRowDecoder(settings.keyField(), settings.timestampField());
                case CSV -> csv(path, settings);
            };
            return new SourceFile(path, rows(path, from, settings), decoder);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    Path path() {
        return path;
    }

    RowDecoder decoder() {
        return decoder;
    }

    /// The next row, or null at the end of the file.
    ///
    /// @throws ConnectException when the file cannot be read on
    @Nullable
    FileRow next() {
        try {
            return rows.next();
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static RowReader rows(Path path, FilePosition from, FileSourceSettings settings) throws IOException {
        boolean csv = settings.format() == FileFormat.CSV;
        RowScanner scanner = csv ? RowScanner.csv(settings.delimiter()) : RowScanner.lines();
        InputStream in = stream(path, settings.compression());
        try {
            in.skipNBytes(from.bytes());
        } catch (EOFException e) {
            in.close();
            throw new ConnectException(
                    "File '" + path + "': must not shrink, but ends before position " + from.bytes()
                            + ", up to which it was read before. Give new content a new name, or reset the connector's offsets.");
        }
        RowReader reader = new RowReader(in, scanner, settings.lineMaxBytes(), from.bytes(), from.lines());
        if (from.bytes() == 0) {
            if (settings.format() != FileFormat.LINES) {
                reader.skipByteOrderMark();
            }
            if (csv) {
                reader.next();
            }
        }
        return reader;
    }

    private static RowDecoder csv(Path path, FileSourceSettings settings) throws IOException {
        try (RowReader reader = new RowReader(
                stream(path, settings.compression()),
                RowScanner.csv(settings.delimiter()),
                settings.lineMaxBytes(),
                0,
                0)) {
            reader.skipByteOrderMark();
            FileRow header = reader.next();
            if (header == null) {
                // an empty file has no rows either
                return RowDecoder.lines();
            }
            if (header.flaw() != null) {
                throw new BadLine(header.flaw());
            }
            return new CsvRowDecoder(
                    header.bytes(), settings.delimiter(), settings.keyField(), settings.timestampField());
        } catch (BadLine e) {
            throw new ConnectException("File '" + path + "', line 1: " + e.reason() + ".", e);
        }
    }

    private static InputStream stream(Path path, Compression compression) throws IOException {
        InputStream file = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
        if (!compression.unpacks(path)) {
            return file;
        }
        try {
            return new GZIPInputStream(file, GZIP_BUFFER_BYTES);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static ConnectException unreadable(Path path, IOException e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new ConnectException("File '" + path + "': cannot be read, got " + why + ".", e);
    }
}
