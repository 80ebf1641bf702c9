package io.weir.tiered.parquet;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.dictionary.DictionaryValuesWriter.PlainFixedLenArrayDictionaryValuesWriter;
import org.apache.parquet.column.values.factory.DefaultV2ValuesWriterFactory;
import org.apache.parquet.column.values.factory.ValuesWriterFactory;
import org.apache.parquet.column.values.fallback.FallbackValuesWriter;
import org.apache.parquet.column.values.plain.FixedLenByteArrayPlainValuesWriter;

/// Which encoding a column gets: Parquet's own choice, but for UUIDs. Parquet keeps a dictionary for values of fixed
/// length even when all differ, as it counts four bytes too many for each value without one; and what does not fit
/// the dictionary it cuts into prefixes and suffixes, which random ids do not have.
final class ValueEncodings implements ValuesWriterFactory {
    private static final int LENGTH_BYTES = 4;

    private final DefaultV2ValuesWriterFactory usual = new DefaultV2ValuesWriterFactory();
    private ParquetProperties properties = ParquetProperties.builder().build();

    @Override
    public void initialize(ParquetProperties used) {
        properties = used;
        usual.initialize(used);
    }

    @Override
    public ValuesWriter newValuesWriter(ColumnDescriptor column) {
        return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case FIXED_LEN_BYTE_ARRAY -> fixedLength(column.getPrimitiveType().getTypeLength());
            case INT32, INT64, INT96, FLOAT, DOUBLE, BOOLEAN, BINARY -> usual.newValuesWriter(column);
        };
    }

    private ValuesWriter fixedLength(int length) {
        ValuesWriter plain = new FixedLenByteArrayPlainValuesWriter(
                length, properties.getInitialSlabSize(), properties.getPageSizeThreshold(), properties.getAllocator());
        return FallbackValuesWriter.of(new HonestDictionary(length, properties), plain);
    }

    /// A dictionary that stays only when it is shorter than the values themselves.
    private static final class HonestDictionary extends PlainFixedLenArrayDictionaryValuesWriter {
        private final int length;

        HonestDictionary(int length, ParquetProperties properties) {
            super(
                    properties.getDictionaryPageSizeThreshold(),
                    length,
                    Encoding.RLE_DICTIONARY,
                    Encoding.PLAIN,
                    properties.getAllocator());
            this.length = length;
        }

        @Override
        public boolean isCompressionSatisfying(long rawSize, long encodedSize) {
            return super.isCompressionSatisfying(rawSize / (length + LENGTH_BYTES) * length, encodedSize);
        }
    }
}
