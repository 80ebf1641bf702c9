package io.weir.tiered.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// Decodes one column of some rows of a row group, page by page and in bulk. Parquet's `ColumnReader` hands out one
/// value per call, levels included, which costs several times as much as the values; the encodings are Parquet's. One
/// column, one thread.
final class ColumnDecoder {
    private static final byte[] NO_LEVELS = {};
    private static final int[] NO_STARTS = {};
    private static final int LENGTH_BYTES = 4;

    private final ColumnDescriptor column;
    private final PageReader pages;
    private final @Nullable Dictionary dictionary;
    private final long firstRow;
    private final int rows;
    private final int maxDefinition;
    private final int maxRepetition;

    private final byte[] definitions;
    private final byte[] repetitions;
    private final int[] rowStarts;
    private final ColumnValues values;
    private int entries;
    private int rowsStarted;

    /// @param firstRow of the row group that is wanted
    /// @param rows from there on
    /// @param bytesPerEntry a guess for texts
    private ColumnDecoder(PageReadStore store, ColumnDescriptor column, long firstRow, int rows, int bytesPerEntry) {
        this.column = column;
        this.pages = store.getPageReader(column);
        this.dictionary = dictionary();
        this.firstRow = firstRow;
        this.rows = rows;
        this.maxDefinition = column.getMaxDefinitionLevel();
        this.maxRepetition = column.getMaxRepetitionLevel();
        // outside of lists an entry is a row; inside, the pages may hold more entries than the wanted rows have
        int most = maxRepetition == 0 ? rows : Math.toIntExact(pages.getTotalValueCount());
        this.definitions = maxDefinition == 0 ? NO_LEVELS : new byte[most];
        this.repetitions = maxRepetition == 0 ? NO_LEVELS : new byte[most];
        this.rowStarts = maxRepetition == 0 ? NO_STARTS : new int[rows + 1];
        this.values = inBytes(column)
                ? new ByteValues(most, bytesPerEntry, dictionary)
                : new NumberValues(column.getPrimitiveType().getPrimitiveTypeName(), most, dictionary);
    }

    /// @param firstRow of the row group that is wanted
    /// @param rows from there on
    /// @param bytesPerEntry a guess for texts
    static LeafColumn decode(PageReadStore store, ColumnDescriptor column, long firstRow, int rows, int bytesPerEntry) {
        return new ColumnDecoder(store, column, firstRow, rows, bytesPerEntry).decode();
    }

    private static boolean inBytes(ColumnDescriptor column) {
        PrimitiveTypeName type = column.getPrimitiveType().getPrimitiveTypeName();
        return type == PrimitiveTypeName.BINARY || type == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    }

    private @Nullable Dictionary dictionary() {
        DictionaryPage page = pages.readDictionaryPage();
        try {
            return page == null ? null : page.getEncoding().initDictionary(column, page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LeafColumn decode() {
        long row = 0;
        for (DataPage page = pages.readPage(); page != null; page = pages.readPage()) {
            // pages that hold none of the wanted rows may be left out; those that are there say where they begin
            row = page(page, page.getFirstRowIndex().orElse(row));
        }
        if (rowsStarted != rows) {
            throw new IllegalStateException(
                    "Column " + String.join(".", column.getPath()) + " has " + rowsStarted + " of " + rows + " rows.");
        }
        if (maxRepetition > 0) {
            rowStarts[rows] = entries;
        }
        return new LeafColumn(maxDefinition, definitions, repetitions, rowStarts, values.numbers(), values.bytes());
    }

    /// @param row of the row group with which the page begins
    /// @return the row with which the next one begins
    private long page(DataPage page, long row) {
        return switch (page) {
            case DataPageV1 v1 -> page(v1, row);
            case DataPageV2 v2 -> page(v2, row);
            default -> throw new IllegalStateException("A page of an unknown version.");
        };
    }

    private long page(DataPageV1 page, long row) {
        int count = page.getValueCount();
        PageBytes bytes = PageBytes.of(page.getBytes());
        byte[] pageRepetitions = NO_LEVELS;
        if (maxRepetition > 0) {
            requireRunLengths(page.getRlEncoding());
            int length = bytes.lengthAt(bytes.at());
            PageBytes levels = bytes.from(bytes.at() + LENGTH_BYTES);
            pageRepetitions = levels(levels, length, maxRepetition, count);
            bytes = levels.from(levels.at() + length);
        }
        byte[] pageDefinitions = NO_LEVELS;
        if (maxDefinition > 0) {
            requireRunLengths(page.getDlEncoding());
            int length = bytes.lengthAt(bytes.at());
            PageBytes levels = bytes.from(bytes.at() + LENGTH_BYTES);
            pageDefinitions = levels(levels, length, maxDefinition, count);
            bytes = levels.from(levels.at() + length);
        }
        return entries(row, count, pageRepetitions, pageDefinitions, page.getValueEncoding(), bytes);
    }

    private long page(DataPageV2 page, long row) {
        int count = page.getValueCount();
        byte[] pageRepetitions = NO_LEVELS;
        if (maxRepetition > 0) {
            PageBytes levels = PageBytes.of(page.getRepetitionLevels());
            pageRepetitions = levels(levels, levels.end() - levels.at(), maxRepetition, count);
        }
        byte[] pageDefinitions = NO_LEVELS;
        if (maxDefinition > 0) {
            PageBytes levels = PageBytes.of(page.getDefinitionLevels());
            pageDefinitions = levels(levels, levels.end() - levels.at(), maxDefinition, count);
        }
        PageBytes data = PageBytes.of(page.getData());
        return entries(row, count, pageRepetitions, pageDefinitions, page.getDataEncoding(), data);
    }

    /// The bit-packed form of levels has not been written for a decade.
    private static void requireRunLengths(Encoding encoding) {
        if (encoding != Encoding.RLE) {
            throw new IllegalStateException("Levels must be in RLE, are in " + encoding + ".");
        }
    }

    private static byte[] levels(PageBytes bytes, int length, int max, int count) {
        byte[] levels = new byte[count];
        int end = bytes.from(bytes.at() + length).at();
        int width = Integer.SIZE - Integer.numberOfLeadingZeros(max);
        new RunLengths(bytes.bytes(), bytes.at(), end, width).read(levels, 0, count);
        return levels;
    }

    private long entries(
            long row, int count, byte[] pageRepetitions, byte[] pageDefinitions, Encoding encoding, PageBytes data) {
        int from;
        int to;
        long next;
        if (maxRepetition == 0) {
            from = (int) Math.clamp(firstRow - row, 0, count);
            to = (int) Math.clamp(firstRow + rows - row, 0, count);
            next = row + count;
            rowsStarted += to - from;
        } else {
            // row that the entry before belongs to
            long current = row - 1;
            from = -1;
            to = count;
            for (int i = 0; i < count; i++) {
                current += pageRepetitions[i] == 0 ? 1 : 0;
                if (current >= firstRow + rows) {
                    to = Math.min(to, i);
                } else if (current >= firstRow) {
                    from = from < 0 ? i : from;
                    if (pageRepetitions[i] == 0) {
                        rowStarts[rowsStarted++] = entries + i - from;
                    }
                }
            }
            from = from < 0 ? to : from;
            next = current + 1;
            System.arraycopy(pageRepetitions, from, repetitions, entries, to - from);
        }
        if (from < to) {
            if (maxDefinition > 0) {
                System.arraycopy(pageDefinitions, from, definitions, entries, to - from);
            }
            values(from, to, count, pageDefinitions, encoding, data);
            entries += to - from;
        }
        return next;
    }

    /// Reads the values of the entries `[from, to)` of a page.
    private void values(int from, int to, int count, byte[] pageDefinitions, Encoding encoding, PageBytes data) {
        int skipped = present(pageDefinitions, 0, from);
        int wanted = present(pageDefinitions, from, to);
        if (wanted == 0) {
            return;
        }
        int[] targets = null;
        if (wanted < to - from) {
            targets = new int[wanted];
            int found = 0;
            for (int i = from; i < to; i++) {
                if (pageDefinitions[i] == maxDefinition) {
                    targets[found++] = entries + i - from;
                }
            }
        }
        values.read(new PageValues(column, encoding, data, count, skipped, wanted), new Targets(entries, targets));
    }

    private int present(byte[] pageDefinitions, int from, int to) {
        if (maxDefinition == 0) {
            return to - from;
        }
        int present = 0;
        for (int i = from; i < to; i++) {
            present += pageDefinitions[i] == maxDefinition ? 1 : 0;
        }
        return present;
    }
}
