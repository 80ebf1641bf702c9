package io.weir.tiered.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/// What rows come to, in whatever order and in however many files they lie. Rows that differ in one place come to
/// another sum but for one chance in four billion.
///
/// @param count of rows
/// @param sum of a number drawn from each row
record RowSums(long count, long sum) {
    /// A file to read.
    record Source(String location, long lengthBytes) {}

    /// @param columns what is compared; `_offset` among them
    /// @param first least offset that counts
    /// @param last greatest offset that counts
    static RowSums of(StoreFileIO files, Collection<Source> sources, Schema columns, long first, long last) {
        long[] sums = new long[2];
        for (Source source : sources) {
            read(files, source, columns, first, last, row -> {
                sums[0]++;
                sums[1] += mixed((Long) row.getField("_offset"), row.hashCode());
            });
        }
        return new RowSums(sums[0], sums[1]);
    }

    /// The offsets of the rows, each as often as it is there, in order.
    static long[] offsets(StoreFileIO files, Collection<Source> sources, Schema columns, long first, long last) {
        List<Long> found = new ArrayList<>();
        for (Source source : sources) {
            read(files, source, columns, first, last, row -> found.add((Long) row.getField("_offset")));
        }
        return found.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static void read(
            StoreFileIO files, Source source, Schema columns, long first, long last, Consumer<Record> each) {
        try (CloseableIterable<Record> rows = Parquet.read(files.newInputFile(source.location(), source.lengthBytes()))
                .project(columns)
                .filter(Expressions.and(
                        Expressions.greaterThanOrEqual("_offset", first), Expressions.lessThanOrEqual("_offset", last)))
                .createReaderFunc(schema -> GenericParquetReaders.buildReader(columns, schema))
                .build()) {
            for (Record row : rows) {
                // the filter leaves out whole row groups only
                long offset = (Long) row.getField("_offset");
                if (offset >= first && offset <= last) {
                    each.accept(row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The finaliser of SplitMix64, over both.
    private static long mixed(long offset, int hash) {
        long mixed = offset * 0x9E3779B97F4A7C15L ^ hash;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
