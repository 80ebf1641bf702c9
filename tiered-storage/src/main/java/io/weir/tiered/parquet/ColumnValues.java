package io.weir.tiered.parquet;

/// Collects the values of a column while its pages are decoded. One thread.
sealed interface ColumnValues permits NumberValues, ByteValues {
    /// Reads the wanted values of one page.
    void read(PageValues page, Targets targets);

    /// By entry; empty when the column has bytes.
    long[] numbers();

    /// By entry; without rows when the column has numbers.
    ByteColumn bytes();
}
