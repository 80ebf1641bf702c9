package io.weir.tiered.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.values.factory.DefaultV1ValuesWriterFactory;
import org.apache.parquet.column.values.factory.DefaultV2ValuesWriterFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.columnindex.RowRanges;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Parquet's own `ColumnReader` is the oracle.
class ColumnDecoderTest {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType("""
            message row {
              required int32 small;
              required int64 number;
              optional int64 perhaps;
              optional double measure;
              optional float light;
              required boolean truth;
              optional binary text (STRING);
              required binary long_text (STRING);
              optional fixed_len_byte_array(16) id;
              optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
              optional group deep (LIST) {
                repeated group list { optional group element (LIST) { repeated group list { required int64 element; } } }
              }
            }
            """);

    @TempDir
    Path folder;

    /// Versions of pages, encodings, sizes of pages and dictionaries, and the rows that are read are drawn.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void readsWhatParquetsOwnReaderReads(long seed) throws Exception {
        // Given
        Random random = new Random(seed);
        int rows = 1 + random.nextInt(3000);
        Path file = write(random, rows);
        byte[] bytes = Files.readAllBytes(file);
        int from = random.nextInt(rows);
        int to = from + 1 + random.nextInt(rows - from);

        for (ColumnDescriptor column : SCHEMA.getColumns()) {
            // When
            List<Object> all = decoded(read(bytes, 0, rows, rows), column, 0, rows);
            List<Object> some = decoded(read(bytes, from, to, rows), column, from, to - from);

            // Then
            assertThat(all).as("%s", column).isEqualTo(expected(read(bytes, 0, rows, rows), column, rows));
            assertThat(some)
                    .as("rows [%d, %d) of %s", from, to, column)
                    .isEqualTo(expected(read(bytes, from, to, rows), column, to - from));
        }
    }

    @Test
    void fewerRowsThanExpectedAreRefused() throws Exception {
        // Given
        byte[] bytes = Files.readAllBytes(write(new Random(5), 100));
        ColumnDescriptor column = SCHEMA.getColumns().getFirst();
        PageReadStore pages = read(bytes, 0, 100, 100);

        // When, then
        assertThatThrownBy(() -> ColumnDecoder.decode(pages, column, 0, 101, 8))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Column small has 100 of 101 rows.");
    }

    /// Entries as Parquet's reader tells them: repetition and definition level, and the value.
    private static List<Object> expected(PageReadStore pages, ColumnDescriptor column, int rows) {
        ColumnReader reader =
                new ColumnReadStoreImpl(pages, new RowCopy.Ignore(SCHEMA), SCHEMA, "test").getColumnReader(column);
        List<Object> entries = new ArrayList<>();
        int row = 0;
        for (long left = reader.getTotalValueCount(); left > 0; left--) {
            row += reader.getCurrentRepetitionLevel() == 0 ? 1 : 0;
            if (row > rows) {
                break;
            }
            Object value = null;
            if (reader.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel()) {
                value = switch (column.getPrimitiveType().getPrimitiveTypeName()) {
                    case INT32 -> (long) reader.getInteger();
                    case INT64 -> reader.getLong();
                    case DOUBLE -> Double.doubleToRawLongBits(reader.getDouble());
                    case FLOAT -> Double.doubleToRawLongBits(reader.getFloat());
                    case BOOLEAN -> reader.getBoolean() ? 1L : 0L;
                    default -> ByteBuffer.wrap(reader.getBinary().getBytes());
                };
            }
            entries.add(List.of(
                    reader.getCurrentRepetitionLevel(), reader.getCurrentDefinitionLevel(), String.valueOf(value)));
            reader.consume();
            if (row == rows && reader.getCurrentRepetitionLevel() == 0) {
                break;
            }
        }
        return entries;
    }

    private static List<Object> decoded(PageReadStore pages, ColumnDescriptor column, int firstRow, int rows) {
        LeafColumn leaf = ColumnDecoder.decode(pages, column, firstRow, rows, 8);
        int entries = leaf.rowStarts().length == 0 ? rows : leaf.rowStarts()[rows];
        List<Object> decoded = new ArrayList<>();
        int row = 0;
        for (int entry = 0; entry < entries; entry++) {
            int repetition = leaf.repetitions().length == 0 ? 0 : leaf.repetitions()[entry];
            if (repetition == 0 && leaf.rowStarts().length > 0) {
                assertThat(leaf.rowStarts()[row++]).isEqualTo(entry);
            }
            Object value = null;
            if (leaf.isPresent(entry)) {
                value = leaf.numbers().length > 0 ? leaf.numbers()[entry] : bytes(leaf.bytes(), entry);
            }
            int definition = leaf.definitions().length == 0 ? 0 : leaf.definitions()[entry];
            decoded.add(List.of(repetition, definition, String.valueOf(value)));
        }
        return decoded;
    }

    private static ByteBuffer bytes(ByteColumn column, int entry) {
        byte[] copy = column.copy(entry);
        return ByteBuffer.wrap(copy == null ? new byte[0] : copy);
    }

    private static PageReadStore read(byte[] file, int from, int to, int rows) throws Exception {
        RegionInput.Region whole = new RegionInput.Region(0, ByteBuffer.wrap(file));
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageCompression())
                .withUseHadoopVectoredIo(false)
                .build();
        try (ParquetFileReader reader = new ParquetFileReader(new RegionInput(file.length, whole, whole), options)) {
            return to - from == rows
                    ? reader.readRowGroup(0)
                    : reader.readFilteredRowGroup(
                            0,
                            RowRanges.builder().addSelectedRange(from, to - 1).build());
        }
    }

    private Path write(Random random, int rows) throws Exception {
        Path path = folder.resolve("columns.parquet");
        ParquetProperties properties = ParquetProperties.builder()
                .withWriterVersion(
                        random.nextBoolean()
                                ? ParquetProperties.WriterVersion.PARQUET_1_0
                                : ParquetProperties.WriterVersion.PARQUET_2_0)
                .withValuesWriterFactory(
                        random.nextBoolean() ? new DefaultV1ValuesWriterFactory() : new DefaultV2ValuesWriterFactory())
                .withDictionaryEncoding(random.nextInt(4) > 0)
                .withByteStreamSplitEncoding(random.nextBoolean())
                .withDictionaryPageSize(64 + random.nextInt(4000))
                .withPageRowCountLimit(1 + random.nextInt(700))
                .withMinRowCountForPageSizeCheck(1)
                .build();
        HashingOutput output = new HashingOutput(path);
        ParquetFileWriter file = new ParquetFileWriter(
                output, SCHEMA, ParquetFileWriter.Mode.OVERWRITE, Long.MAX_VALUE, 0, null, properties);
        PageCompression compression = new PageCompression();
        file.start();
        try (ColumnChunkPageWriteStore pages = ColumnChunkPageWriteStore.builder()
                .withCompressorProvider(column -> compression.getCompressor(PageCodec.ZSTD.parquetName()))
                .withSchema(SCHEMA)
                .withAllocator(properties.getAllocator())
                .withRowGroupOrdinal(0)
                .build()) {
            ColumnWriteStore columns = properties.newColumnWriteStore(SCHEMA, pages, pages);
            int nulls = random.nextInt(5);
            int variety = 1 + random.nextInt(400);
            for (int row = 0; row < rows; row++) {
                for (ColumnDescriptor column : SCHEMA.getColumns()) {
                    row(columns.getColumnWriter(column), column, random, nulls, variety);
                }
                columns.endRecord();
            }
            file.startBlock(rows);
            columns.flush();
            pages.flushToFileWriter(file);
            file.endBlock();
            columns.close();
        }
        file.end(Map.of());
        output.close();
        compression.release();
        return path;
    }

    /// Levels as any nesting may give them: what counts is that both readers see the same.
    private static void row(ColumnWriter writer, ColumnDescriptor column, Random random, int nulls, int variety) {
        int entries = column.getMaxRepetitionLevel() == 0 ? 1 : 1 + random.nextInt(4);
        for (int entry = 0; entry < entries; entry++) {
            int repetition = entry == 0 ? 0 : 1 + random.nextInt(column.getMaxRepetitionLevel());
            boolean isNull = column.getMaxDefinitionLevel() > 0 && random.nextInt(5) < nulls;
            if (isNull) {
                writer.writeNull(repetition, random.nextInt(column.getMaxDefinitionLevel()));
            } else {
                value(writer, column, repetition, random.nextInt(variety));
            }
        }
    }

    private static void value(ColumnWriter writer, ColumnDescriptor column, int repetition, int value) {
        int definition = column.getMaxDefinitionLevel();
        switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> writer.write(value - 100, repetition, definition);
            case INT64 -> writer.write(value * 1_000_000_007L - 5, repetition, definition);
            case DOUBLE -> writer.write(value / 7.0, repetition, definition);
            case FLOAT -> writer.write(value / 3f, repetition, definition);
            case BOOLEAN -> writer.write(value % 3 == 0, repetition, definition);
            case FIXED_LEN_BYTE_ARRAY ->
                writer.write(
                        Binary.fromConstantByteArray(ByteBuffer.allocate(16)
                                .putLong(value)
                                .putLong(7)
                                .array()),
                        repetition,
                        definition);
            default ->
                writer.write(
                        Binary.fromConstantByteArray(
                                ("prefix" + "x".repeat(value % 5) + value).getBytes(StandardCharsets.UTF_8)),
                        repetition,
                        definition);
        }
    }
}
