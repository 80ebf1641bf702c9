package io.weir.tiered.parquet;

import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.RangeSource;
import io.weir.tiered.shape.ShapeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.columnindex.RowRanges;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/// Reads a data file that a sidecar lists, row group by row group. The footer region is read once, each row
/// group
/// by one range read; both are checked against the sidecar's checksums *before* Parquet sees them, so damaged
/// bytes are never decoded. Safe for use by any thread; nothing to close.
public final class RecordFileReader {
    private final DataFile file;
    private final RangeSource source;
    private final RegionInput.Region footerRegion;
    private final ParquetMetadata footer;
    private final FileShapes shapes;
    private final List<GroupPages> pages;

    private RecordFileReader(
            DataFile file,
            RangeSource source,
            RegionInput.Region footerRegion,
            ParquetMetadata footer,
            FileShapes shapes,
            List<GroupPages> pages) {
        this.file = file;
        this.source = source;
        this.footerRegion = footerRegion;
        this.footer = footer;
        this.shapes = shapes;
        this.pages = List.copyOf(pages);
    }

    /// @param source the file's bytes
    /// @param shapes that the sidecar lists
    /// @throws CorruptSegmentException what is there is not the file that the sidecar lists
    public static RecordFileReader open(DataFile file, RangeSource source, ShapeSet shapes) throws IOException {
        long length = file.lengthBytes() - file.footerPosition();
        byte[] bytes = checked(file, source, file.footerPosition(), length, file.footerCrc32c(), "footer");
        RegionInput.Region region = new RegionInput.Region(file.footerPosition(), ByteBuffer.wrap(bytes));
        RegionInput input = new RegionInput(file.lengthBytes(), region, region);
        try (ParquetFileReader reader = new ParquetFileReader(input, options())) {
            ParquetMetadata footer = reader.getFooter();
            if (footer.getBlocks().size() != file.rowGroups().size()) {
                throw corrupt(
                        file,
                        "must have " + file.rowGroups().size() + " row groups, has "
                                + footer.getBlocks().size());
            }
            FileShapes compiled = FileShapes.of(footer.getFileMetaData().getSchema(), shapes);
            return new RecordFileReader(file, source, region, footer, compiled, pages(file, reader));
        } catch (RuntimeException e) {
            throw e instanceof CorruptSegmentException corrupt ? corrupt : undecodable(file, "footer", e);
        }
    }

    private static List<GroupPages> pages(DataFile file, ParquetFileReader reader) throws IOException {
        List<GroupPages> pages = new ArrayList<>();
        ColumnPath offset = ColumnPath.get(RecordSchema.OFFSET.getPath());
        for (int group = 0; group < file.rowGroups().size(); group++) {
            ColumnChunkMetaData offsets = reader.getFooter().getBlocks().get(group).getColumns().stream()
                    .filter(chunk -> chunk.getPath().equals(offset))
                    .findFirst()
                    .orElseThrow();
            DataFile.RowGroup listed = file.rowGroups().get(group);
            pages.add(GroupPages.of(
                    reader.readColumnIndex(offsets),
                    reader.readOffsetIndex(offsets),
                    listed.rows(),
                    listed.lastOffset()));
        }
        return pages;
    }

    private static ParquetReadOptions options() {
        return ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageCompression())
                .withUseHadoopVectoredIo(false)
                .build();
    }

    public DataFile file() {
        return file;
    }

    /// Whether rows of both files could stand in one.
    public boolean hasColumnsOf(RecordFileReader other) {
        return schema().equals(other.schema());
    }

    /// The columns of the file.
    MessageType schema() {
        return footer.getFileMetaData().getSchema();
    }

    /// Reads and decodes one row group.
    ///
    /// @param group index into the file's row groups
    public DecodedRows read(int group) throws IOException {
        return open(group, (reader, pages) -> {
            DataFile.RowGroup listed = file.rowGroups().get(group);
            int rows = Math.toIntExact(listed.rows());
            return new RowGroupDecoder(pages, shapes, 0, rows, (int) RowGroupDecoder.expectedBytes(listed)).decode();
        });
    }

    /// Where a row group can be cut.
    ///
    /// @param group index into the file's row groups
    public GroupPages pages(int group) {
        return pages.get(group);
    }

    /// The bytes of a row group, proven by its checksum.
    public byte[] bytes(int group) throws IOException {
        DataFile.RowGroup listed = file.rowGroups().get(group);
        return checked(file, source, listed.position(), listed.lengthBytes(), listed.crc32c(), "row group " + group);
    }

    /// Decodes some pages of a row group.
    ///
    /// @param group index into the file's row groups
    /// @param bytes all of the group's, as [#bytes] gave them
    /// @param firstPage of [#pages]
    /// @param endPage exclusive
    public DecodedRows read(int group, byte[] bytes, int firstPage, int endPage) throws IOException {
        DataFile.RowGroup listed = file.rowGroups().get(group);
        long from = pages.get(group).firstRow(firstPage);
        long to = pages.get(group).firstRow(endPage);
        int rows = Math.toIntExact(to - from);
        int expected = (int) (RowGroupDecoder.expectedBytes(listed) * rows / Math.max(1, listed.rows()));
        RowRanges wanted = RowRanges.builder().addSelectedRange(from, to - 1).build();
        return open(
                group,
                region(group, bytes),
                reader ->
                        rows == listed.rows() ? reader.readRowGroup(group) : reader.readFilteredRowGroup(group, wanted),
                rows,
                (reader, found) -> new RowGroupDecoder(found, shapes, from, rows, expected).decode());
    }

    /// What is done with the proven bytes of a row group.
    interface GroupWork<T> {
        T with(ParquetFileReader reader, PageReadStore pages) throws IOException;
    }

    /// A column chunk of a row group, with the indexes of its pages.
    record Chunk(
            ColumnChunkMetaData metadata,
            @Nullable ColumnIndex columnIndex,
            @Nullable OffsetIndex offsetIndex) {}

    /// What is done with the proven bytes of a row group that nobody decodes.
    interface ChunkWork {
        void with(SeekableInputStream bytes, List<Chunk> chunks) throws IOException;
    }

    /// Hands one row group over as it is stored.
    void raw(int group, ChunkWork work) throws IOException {
        RegionInput input = region(group, bytes(group));
        try (ParquetFileReader reader = new ParquetFileReader(input, footer, options(), input.newStream());
                SeekableInputStream bytes = input.newStream()) {
            List<Chunk> chunks = new ArrayList<>();
            for (ColumnChunkMetaData chunk : footer.getBlocks().get(group).getColumns()) {
                chunks.add(new Chunk(chunk, reader.readColumnIndex(chunk), reader.readOffsetIndex(chunk)));
            }
            work.with(bytes, chunks);
        } catch (RuntimeException e) {
            throw e instanceof CorruptSegmentException corrupt ? corrupt : undecodable(file, "row group " + group, e);
        }
    }

    private RegionInput region(int group, byte[] bytes) {
        DataFile.RowGroup listed = file.rowGroups().get(group);
        RegionInput.Region region = new RegionInput.Region(listed.position(), ByteBuffer.wrap(bytes));
        return new RegionInput(file.lengthBytes(), footerRegion, region);
    }

    /// Which pages of a row group are read.
    private interface Choice {
        @Nullable
        PageReadStore of(ParquetFileReader reader) throws IOException;
    }

    /// Opens the pages of one row group.
    <T> T open(int group, GroupWork<T> work) throws IOException {
        return open(
                group,
                region(group, bytes(group)),
                reader -> reader.readRowGroup(group),
                file.rowGroups().get(group).rows(),
                work);
    }

    private <T> T open(int group, RegionInput input, Choice choice, long rows, GroupWork<T> work) throws IOException {
        String what = "row group " + group;
        PageCompression compression = new PageCompression();
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(compression)
                .withUseHadoopVectoredIo(false)
                .build();
        try (ParquetFileReader reader = new ParquetFileReader(input, footer, options, input.newStream())) {
            PageReadStore pages = choice.of(reader);
            if (pages == null || pages.getRowCount() != rows) {
                throw corrupt(file, what + " must have " + rows + " rows");
            }
            return work.with(reader, pages);
        } catch (RuntimeException e) {
            throw e instanceof CorruptSegmentException corrupt ? corrupt : undecodable(file, what, e);
        } finally {
            compression.release();
        }
    }

    private static byte[] checked(
            DataFile file, RangeSource source, long position, long length, int crc32c, String what) throws IOException {
        if (position < 0 || length < 0 || length > Integer.MAX_VALUE - 8 || position + length > file.lengthBytes()) {
            throw corrupt(file, what + " cannot lie at " + position + " with " + length + " bytes");
        }
        byte[] bytes = source.read(position, (int) length);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length);
        if ((int) crc.getValue() != crc32c) {
            throw corrupt(file, "checksum of the " + what + " does not match");
        }
        return bytes;
    }

    private static CorruptSegmentException corrupt(DataFile file, String what) {
        return new CorruptSegmentException("Data file '" + file.path() + "': " + what + ".");
    }

    private static CorruptSegmentException undecodable(DataFile file, String what, RuntimeException cause) {
        return new CorruptSegmentException("Data file '" + file.path() + "': " + what + " cannot be decoded.", cause);
    }

    /// The row groups that hold rows of an offset range, in order.
    public List<Integer> groupsWithin(long firstOffset, long lastOffset) {
        List<DataFile.RowGroup> groups = file.rowGroups();
        return IntStream.range(0, groups.size())
                .filter(i -> groups.get(i).lastOffset() >= firstOffset
                        && groups.get(i).firstOffset() <= lastOffset)
                .boxed()
                .toList();
    }
}
