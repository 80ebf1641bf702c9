package io.weir.tiered.parquet;

import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.Leaf;
import java.util.Arrays;
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

    /// One pass over a column.
    private static final class Decoding {
        private final Leaf leaf;
        private final ColumnReader reader;
        private final int rows;
        private final int entries;
        private final boolean inBytes;

        Decoding(Leaf leaf, ColumnReader reader, int rows) {
            this.leaf = leaf;
            this.reader = reader;
            this.rows = rows;
            this.entries = Math.toIntExact(reader.getTotalValueCount());
            this.inBytes = leaf.type() instanceof Scalar scalar
                    && (scalar == Scalar.STRING
                            || scalar == Scalar.JSON
                            || scalar == Scalar.BINARY
                            || scalar == Scalar.UUID);
        }

        LeafColumn decode() {
            byte[] definitions = new byte[entries];
            ByteColumn bytes = new ByteColumn(inBytes ? entries : 0, inBytes ? entries * 8 : 0);
            long[] numbers = new long[inBytes ? 0 : entries];
            boolean nested = leaf.repetition() > 0;
            byte[] repetitions = new byte[nested ? entries : 0];
            int[] rowStarts = new int[nested ? rows + 1 : 0];
            int row = 0;
            for (int entry = 0; entry < entries; entry++) {
                if (nested) {
                    int repetition = reader.getCurrentRepetitionLevel();
                    repetitions[entry] = (byte) repetition;
                    if (repetition == 0) {
                        rowStarts[row++] = entry;
                    }
                }
                int definition = reader.getCurrentDefinitionLevel();
                definitions[entry] = (byte) definition;
                if (definition == leaf.definition()) {
                    if (inBytes) {
                        bytes.set(entry, reader.getBinary().toByteBuffer());
                    } else {
                        numbers[entry] = number();
                    }
                }
                reader.consume();
            }
            if (nested ? row != rows : entries != rows) {
                throw new IllegalStateException("Column " + leaf.fieldId() + " does not have " + rows + " rows.");
            }
            if (nested) {
                Arrays.fill(rowStarts, rows, rows + 1, entries);
            }
            return new LeafColumn(leaf.definition(), definitions, repetitions, rowStarts, numbers, bytes);
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
