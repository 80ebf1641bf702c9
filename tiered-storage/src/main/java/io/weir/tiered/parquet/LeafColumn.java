package io.weir.tiered.parquet;

import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.Leaf;
import org.apache.parquet.column.ColumnReader;

/// One leaf of a row group in memory, entry by entry. Immutable once decoded.
///
/// @param definitions per entry, as unsigned bytes
/// @param repetitions per entry; empty outside of lists, where an entry is a row
/// @param rowStarts first entry of each row, and the count of entries; empty outside of lists
/// @param numbers whole numbers, the bits of floating-point ones, 0 or 1; empty when there are bytes
/// @param bytes texts and ids; one row of it is one entry
@SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
record LeafColumn(
        int present, byte[] definitions, byte[] repetitions, int[] rowStarts, long[] numbers, ByteColumn bytes) {

    static LeafColumn decode(Leaf leaf, ColumnReader reader, int rows) {
        return new Decoding(leaf, reader, rows).decode();
    }

    long sizeBytes() {
        return definitions.length
                + repetitions.length
                + 4L * rowStarts.length
                + 8L * numbers.length
                + bytes.sizeBytes();
    }

    private static final byte[] NO_REPETITIONS = {};
    private static final int[] NO_STARTS = {};

    /// One pass over a column.
    private static final class Decoding {
        private final Leaf leaf;
        private final ColumnReader reader;
        private final int rows;
        private final int most;
        private final boolean inBytes;

        Decoding(Leaf leaf, ColumnReader reader, int rows) {
            this.leaf = leaf;
            this.reader = reader;
            this.rows = rows;
            // of the pages; when only some of their rows are read, more than those have
            this.most = Math.toIntExact(reader.getTotalValueCount());
            this.inBytes = leaf.type() instanceof Scalar scalar
                    && (scalar == Scalar.STRING
                            || scalar == Scalar.JSON
                            || scalar == Scalar.BINARY
                            || scalar == Scalar.UUID);
        }

        LeafColumn decode() {
            return leaf.repetition() > 0 ? nested() : flat();
        }

        private LeafColumn flat() {
            if (most < rows) {
                throw tooFew();
            }
            byte[] definitions = new byte[rows];
            ByteColumn bytes = new ByteColumn(inBytes ? rows : 0, inBytes ? rows * 8 : 0);
            long[] numbers = new long[inBytes ? 0 : rows];
            for (int row = 0; row < rows; row++) {
                definitions[row] = entry(row, bytes, numbers);
            }
            return new LeafColumn(leaf.definition(), definitions, NO_REPETITIONS, NO_STARTS, numbers, bytes);
        }

        private LeafColumn nested() {
            byte[] definitions = new byte[most];
            byte[] repetitions = new byte[most];
            int[] rowStarts = new int[rows + 1];
            ByteColumn bytes = new ByteColumn(inBytes ? most : 0, inBytes ? most * 8 : 0);
            long[] numbers = new long[inBytes ? 0 : most];
            int entry = 0;
            for (int row = 0; row < rows; row++) {
                rowStarts[row] = entry;
                // at the end of the rows that are read, Parquet says 0, too
                do {
                    if (entry == most) {
                        throw tooFew();
                    }
                    repetitions[entry] = (byte) reader.getCurrentRepetitionLevel();
                    definitions[entry] = entry(entry, bytes, numbers);
                    entry++;
                } while (reader.getCurrentRepetitionLevel() != 0);
            }
            rowStarts[rows] = entry;
            return new LeafColumn(leaf.definition(), definitions, repetitions, rowStarts, numbers, bytes);
        }

        /// @return its definition level
        private byte entry(int entry, ByteColumn bytes, long[] numbers) {
            int definition = reader.getCurrentDefinitionLevel();
            if (definition == leaf.definition()) {
                if (inBytes) {
                    bytes.set(entry, reader.getBinary().toByteBuffer());
                } else {
                    numbers[entry] = number();
                }
            }
            reader.consume();
            return (byte) definition;
        }

        private IllegalStateException tooFew() {
            return new IllegalStateException("Column " + leaf.fieldId() + " does not have " + rows + " rows.");
        }

        private long number() {
            if (leaf.type() instanceof Scalar scalar) {
                if (scalar == Scalar.BOOLEAN) {
                    return reader.getBoolean() ? 1 : 0;
                }
                if (scalar == Scalar.DOUBLE) {
                    return Double.doubleToRawLongBits(reader.getDouble());
                }
            }
            return reader.getLong();
        }
    }
}
