package io.weir.tiered.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.ValuesReader;

/// The values of a page, without its levels.
///
/// @param data the encoded values
/// @param entries of the page, nulls included
/// @param skipped values at the beginning that are not wanted
/// @param wanted values behind them
record PageValues(ColumnDescriptor column, Encoding encoding, PageBytes data, int entries, int skipped, int wanted) {

    /// Index into the dictionary of each wanted value.
    int[] dictionaryIds() {
        int[] ids = new int[skipped + wanted];
        int width = data.bytes()[data.at()];
        new RunLengths(data.bytes(), data.at() + 1, data.end(), width).read(ids, 0, ids.length);
        return skipped == 0 ? ids : Arrays.copyOfRange(ids, skipped, ids.length);
    }

    /// Parquet's reader of the encoding, at the first wanted value.
    ValuesReader reader() {
        ValuesReader reader = encoding.getValuesReader(column, ValuesType.VALUES);
        try {
            reader.initFromPage(entries, data.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (skipped > 0) {
            reader.skip(skipped);
        }
        return reader;
    }
}
