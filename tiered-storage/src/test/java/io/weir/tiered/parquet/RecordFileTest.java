package io.weir.tiered.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.RangeSource;
import io.weir.tiered.segment.RecordHeader;
import io.weir.tiered.segment.RecordsEncoder;
import io.weir.tiered.shape.ShapeSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(PageCodec.class)
    void everyFieldReadsBackAsItWasWritten(PageCodec codec) throws Exception {
        // Given
        byte[] notUtf8 = {(byte) 0xC3, 0x28};
        Path path = folder.resolve("rows.parquet");
        RecordFileWriter writer = RecordFileWriter.create(path, codec);
        List<RecordHeader> headers = List.of(
                new RecordHeader("a", bytes("1")), new RecordHeader("a", null), new RecordHeader("", bytes("")));
        writer.write(3, 10, 1_700_000_000_123L, bytes("key"), headers, bytes("value"));
        writer.write(3, 11, -1, null, List.of(), null);
        writer.write(3, 15, -12_345, notUtf8, List.of(), bytes(""));

        // When
        DataFile file = writer.finish();
        DecodedRows rows =
                RecordFileReader.open(file, local(path), ShapeSet.NONE).read(0);

        // Then
        assertThat(file.lengthBytes()).isEqualTo(Files.size(path));
        assertThat(file.crc32c()).isEqualTo(crc(Files.readAllBytes(path)));
        assertThat(file.firstOffset()).isEqualTo(10);
        assertThat(file.lastOffset()).isEqualTo(15);
        assertThat(rows.rows()).isEqualTo(3);
        assertThat(List.of(rows.offset(0), rows.offset(1), rows.offset(2))).containsExactly(10L, 11L, 15L);
        assertThat(List.of(rows.timestampMillis(0), rows.timestampMillis(1), rows.timestampMillis(2)))
                .containsExactly(1_700_000_000_123L, -1L, -12_345L);
        assertThat(rows.key(0)).isEqualTo(bytes("key"));
        assertThat(rows.key(1)).isNull();
        assertThat(rows.key(2)).isEqualTo(notUtf8);
        assertThat(rows.value(0)).isEqualTo(bytes("value"));
        assertThat(rows.value(1)).isNull();
        assertThat(rows.value(2)).isEmpty();
        RecordsEncoder record = new RecordsEncoder(64);
        rows.reader().encode(0, 0, 0, record);
        byte[] wire = {40, 0, 0, 0, 6, 'k', 'e', 'y', 10, 'v', 'a', 'l', 'u', 'e', 6, 2, 'a', 2, '1', 2, 'a', 1, 0, 0};
        wire[0] = (byte) ((wire.length - 1) * 2);
        assertThat(Arrays.copyOf(record.bytes(), record.size())).isEqualTo(wire);
    }

    @Test
    void rowGroupsAreListedWithTheirRows() throws Exception {
        // Given
        Path path = folder.resolve("groups.parquet");
        RecordFileWriter writer = RecordFileWriter.create(path, PageCodec.ZSTD, 100_000);
        for (int i = 0; i < 5000; i++) {
            writer.write(0, i * 2L, i, bytes("k" + i), List.of(), bytes("some value that is a little longer " + i));
        }

        // When
        DataFile file = writer.finish();
        RecordFileReader reader = RecordFileReader.open(file, local(path), ShapeSet.NONE);

        // Then
        assertThat(file.rowGroups()).hasSize(3);
        long next = 0;
        for (int group = 0; group < 3; group++) {
            DecodedRows rows = reader.read(group);
            assertThat(file.rowGroups().get(group).firstRow()).isEqualTo(next);
            assertThat(rows.offset(0)).isEqualTo(next * 2);
            next += rows.rows();
        }
        assertThat(next).isEqualTo(5000);
    }

    @Test
    void somePagesOfAGroupHoldTheSameRowsAsTheWholeGroup() throws Exception {
        // Given: several pages, with a gap of offsets between two of them
        Path path = folder.resolve("pages.parquet");
        RecordFileWriter writer = RecordFileWriter.create(path, PageCodec.ZSTD);
        for (int i = 0; i < 90_000; i++) {
            List<RecordHeader> headers = i % 3 == 0
                    ? List.of(new RecordHeader("h", bytes("x" + i)), new RecordHeader("n", null))
                    : List.of();
            long offset = i < 40_000 ? 100 + i : 1_000_000 + i;
            writer.write(0, offset, i, i % 7 == 0 ? null : bytes("k" + i % 100), headers, bytes("value " + i));
        }
        RecordFileReader reader = RecordFileReader.open(writer.finish(), local(path), ShapeSet.NONE);
        DecodedRows whole = reader.read(0);
        GroupPages pages = reader.pages(0);
        byte[] bytes = reader.bytes(0);

        assertThat(pages.count()).isEqualTo(5);
        assertThat(pages.reaching(0)).isZero();
        assertThat(pages.reaching(100 + 39_999)).isEqualTo(1);
        assertThat(pages.reaching(500_000)).isEqualTo(2);
        assertThat(pages.reaching(1_000_000 + 89_999)).isEqualTo(4);
        for (int[] range : new int[][] {{0, 1}, {1, 2}, {2, 4}, {4, 5}, {0, 5}}) {
            // When
            DecodedRows some = reader.read(0, bytes, range[0], range[1]);

            // Then
            int first = (int) pages.firstRow(range[0]);
            assertThat(some.rows()).isEqualTo((int) pages.firstRow(range[1]) - first);
            RecordsEncoder expected = new RecordsEncoder(64);
            RecordsEncoder found = new RecordsEncoder(64);
            RowReader all = whole.reader();
            RowReader part = some.reader();
            for (int row = 0; row < some.rows(); row++) {
                assertThat(some.offset(row)).isEqualTo(whole.offset(first + row));
                assertThat(some.timestampMillis(row)).isEqualTo(whole.timestampMillis(first + row));
                all.encode(first + row, row, 0, expected);
                part.encode(row, row, 0, found);
            }
            assertThat(Arrays.copyOf(found.bytes(), found.size()))
                    .isEqualTo(Arrays.copyOf(expected.bytes(), expected.size()));
        }
    }

    static RangeSource local(Path path) throws Exception {
        byte[] all = Files.readAllBytes(path);
        return (position, length) -> Arrays.copyOfRange(all, (int) position, (int) position + length);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
