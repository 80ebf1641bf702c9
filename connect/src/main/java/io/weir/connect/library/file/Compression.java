package io.weir.connect.library.file;

import java.nio.file.Path;
import java.util.Locale;

/// Whether a file is unpacked while it is read.
enum Compression {
    AUTO,
    NONE,
    GZIP;

    static Compression of(String setting) {
        return valueOf(setting.toUpperCase(Locale.ROOT));
    }

    boolean unpacks(Path file) {
        return this == GZIP || (this == AUTO && file.toString().endsWith(".gz"));
    }
}
