package io.weir.tiered.query.process;

import java.io.IOException;
import java.util.List;

/// Receives a result, from the thread that runs the statement: `columns` once, then `page` for each page. An
/// exception ends the statement.
public interface RowSink {
    /// @param type DuckDB's name of the type: `BIGINT`, `DECIMAL(18,2)`, `VARCHAR[]`
    record ResultColumn(String name, String type) {}

    void columns(List<ResultColumn> columns) throws IOException;

    /// @param lines whole lines, UTF-8
    void page(byte[] lines) throws IOException;
}
