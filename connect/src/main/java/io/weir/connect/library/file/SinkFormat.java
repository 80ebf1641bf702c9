package io.weir.connect.library.file;

import java.util.Locale;

/// How a [FileSink] writes records.
enum SinkFormat {
    NDJSON,
    CSV;

    static SinkFormat of(String setting) {
        return valueOf(setting.toUpperCase(Locale.ROOT));
    }

    /// As it is written in a connector's settings; also the ending of the files' names.
    String setting() {
        return name().toLowerCase(Locale.ROOT);
    }
}
