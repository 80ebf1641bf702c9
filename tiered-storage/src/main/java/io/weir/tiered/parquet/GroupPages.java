package io.weir.tiered.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.jspecify.annotations.Nullable;

/// Where a row group can be cut so that a part is decoded without the rest: the pages of its `_offset` column, as the
/// file's page indexes tell them. Immutable.
public final class GroupPages {
    /// First row of each page, and behind them the count of rows.
    private final long[] firstRows;

    private final long[] lastOffsets;

    private GroupPages(long[] firstRows, long[] lastOffsets) {
        this.firstRows = firstRows;
        this.lastOffsets = lastOffsets;
    }

    /// A file without page indexes has one page per group.
    static GroupPages of(@Nullable ColumnIndex values, @Nullable OffsetIndex pages, long rows, long lastOffset) {
        if (values == null || pages == null || pages.getPageCount() == 0) {
            return new GroupPages(new long[] {0, rows}, new long[] {lastOffset});
        }
        int count = pages.getPageCount();
        long[] firstRows = new long[count + 1];
        long[] lastOffsets = new long[count];
        List<ByteBuffer> greatest = values.getMaxValues();
        for (int page = 0; page < count; page++) {
            firstRows[page] = pages.getFirstRowIndex(page);
            lastOffsets[page] = greatest.get(page)
                    .duplicate()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong(0);
        }
        firstRows[count] = rows;
        return new GroupPages(firstRows, lastOffsets);
    }

    public int count() {
        return lastOffsets.length;
    }

    /// The first page that has a row with this offset or a greater one.
    ///
    /// @param offset not greater than the group's last
    public int reaching(long offset) {
        int found = Arrays.binarySearch(lastOffsets, offset);
        return Math.min(found >= 0 ? found : -found - 1, count() - 1);
    }

    /// First row of a page, counted from the group's first; for [#count] the number of rows.
    long firstRow(int page) {
        return firstRows[page];
    }
}
