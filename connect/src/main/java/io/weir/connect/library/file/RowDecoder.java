package io.weir.connect.library.file;

import org.jspecify.annotations.Nullable;

/// Turns rows of one format into records. Called by one thread.
interface RowDecoder {
    /// The record of `row`, or null when the row is blank and stands for none.
    ///
    /// @throws BadLine when it is no record of this format, or lacks its key or time
    @Nullable
    FileRecord decode(FileRow row) throws BadLine;

    /// Every line is a record; it has neither key nor time.
    static RowDecoder lines() {
        return row -> new FileRecord(null, null, row.bytes());
    }
}
