package io.weir.connect.library.file;

import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/// Where to go on in a file, as Connect stores it: partition `{"file": "/data/a.csv"}`, offset `{"position":
/// 1234, "line": 17}`.
///
/// @param bytes uncompressed bytes of the rows that are done
/// @param lines lines that are done
record FilePosition(long bytes, long lines) {
    static final FilePosition START = new FilePosition(0, 0);

    private static final String FILE = "file";
    private static final String POSITION = "position";
    private static final String LINE = "line";

    static Map<String, String> partition(Path file) {
        return Map.of(FILE, file.toString());
    }

    static FilePosition after(FileRow row) {
        return new FilePosition(row.end(), row.lastLine());
    }

    Map<String, Long> offset() {
        return Map.of(POSITION, bytes, LINE, lines);
    }

    /// @throws ConnectException when the stored offset is none of ours
    static FilePosition of(@Nullable Map<String, ?> offset) {
        if (offset == null) {
            return START;
        }
        if (offset.get(POSITION) instanceof Number position
                && offset.get(LINE) instanceof Number line
                && position.longValue() >= 0
                && line.longValue() >= 0) {
            return new FilePosition(position.longValue(), line.longValue());
        }
        throw new ConnectException("Offset " + offset + ": must be {\"position\": <bytes>, \"line\": <lines>},"
                + " both whole numbers of what is done. Alter or reset the connector's offsets.");
    }

    /// @throws ConnectException when the stored partition is none of ours
    static void checkPartition(Map<String, ?> partition) {
        if (partition.size() != 1 || !(partition.get(FILE) instanceof String)) {
            throw new ConnectException("Partition " + partition + ": must be {\"file\": \"<absolute path>\"}.");
        }
    }
}
