package io.weir.connect.library.file;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/// Makes rows of records for one file. Called by one thread.
interface RowFormat {
    /// The row of `record` with its line end; null when it stands for none.
    ///
    /// @throws BadRecord when it cannot be a row
    byte @Nullable [] row(SinkRecord record) throws BadRecord;

    /// Writes what stands in front of the first row; called once, after that row was made.
    void writeHeader(OutputStream out) throws IOException;

    /// A new one for a new file.
    static RowFormat of(FileSinkSettings settings) {
        return switch (settings.format()) {
            case NDJSON -> new NdjsonRows();
            case CSV -> new CsvRows(settings.columns());
        };
    }
}
