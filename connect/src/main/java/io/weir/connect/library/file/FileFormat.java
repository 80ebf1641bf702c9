package io.weir.connect.library.file;

import java.util.Locale;

/// How a file is cut into records.
enum FileFormat {
    /// One JSON object a line; the record's value is the line's bytes as they are.
    NDJSON,
    /// RFC 4180 with a header row; the record's value is one JSON object, all fields strings.
    CSV,
    /// Anything, one record a line; the record's value is the line's bytes as they are.
    LINES;

    static FileFormat of(String setting) {
        return valueOf(setting.toUpperCase(Locale.ROOT));
    }

    /// As it is written in a connector's settings.
    String setting() {
        return name().toLowerCase(Locale.ROOT);
    }
}
