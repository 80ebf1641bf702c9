package io.weir.tiered.segment;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Writes a sidecar ([SidecarV1]) into a local staging file, batch by batch, with at most one page of entries in
/// memory. Call `batch` for each batch in order, then `finish` once. One thread; `close` removes the scratch
/// files and leaves the staged file.
public final class SidecarWriter implements AutoCloseable {
    private final SegmentAddress address;
    private final FileChannel out;
    private final int sectionCount;
    private final int generation;
    private final List<SidecarV1.Section> directory = new ArrayList<>();
    private final ByteBuffer page = ByteBuffer.allocate(SidecarV1.PAGE_ENTRIES * BatchEntry.BYTES);
    private final ByteBuffer pageDirectory;
    private final List<ByteBuffer> pageRows = new ArrayList<>();
    private final VerbatimScratch verbatim;
    private final long batchesFrom;
    private int ordinal;
    private long lastOffset = -1;

    private SidecarWriter(
            SegmentAddress address, FileChannel out, int sectionCount, int generation, VerbatimScratch verbatim)
            throws IOException {
        this.generation = generation;
        this.address = address;
        this.out = out;
        this.sectionCount = sectionCount;
        this.verbatim = verbatim;
        this.pageDirectory = ByteBuffer.allocate(SidecarV1.PAGE_DIRECTORY_TRAILER_BYTES);
        this.batchesFrom = SidecarV1.HEADER_BYTES + (long) SidecarV1.DIRECTORY_ENTRY_BYTES * sectionCount;
        out.position(batchesFrom);
    }

    /// @param staged the file to write; replaced when present
    /// @param brokerFiles how many of TIME, TXN, EPOCHS, SNAPSHOT `finish` will bring
    public static SidecarWriter create(Path staged, SegmentAddress address, int brokerFiles) throws IOException {
        return create(staged, address, brokerFiles, 0);
    }

    /// The sidecar that takes the place of another.
    ///
    /// @param brokerFiles how many sections beside BATCHES, VERBATIM, FILES and ORIGIN `finish` will bring
    public static SidecarWriter replacing(Path staged, Sidecar former, int brokerFiles) throws IOException {
        return create(staged, former.address(), brokerFiles, former.generation() + 1);
    }

    private static SidecarWriter create(Path staged, SegmentAddress address, int brokerFiles, int generation)
            throws IOException {
        FileChannel out = FileChannel.open(
                staged, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try {
            VerbatimScratch verbatim = new VerbatimScratch(staged.resolveSibling(staged.getFileName() + ".verbatim"));
            // BATCHES, VERBATIM, FILES and ORIGIN are always there
            return new SidecarWriter(address, out, brokerFiles + 4, generation, verbatim);
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }

    /// Adds the entry of the next batch, which is rebuilt from rows.
    public void batch(BatchEntry entry) throws IOException {
        if (entry.has(BatchEntry.VERBATIM)) {
            throw new IllegalArgumentException("A verbatim batch comes with its bytes.");
        }
        add(entry);
    }

    /// Adds the entry of the next batch together with its bytes.
    public void verbatim(BatchEntry entry, byte[] batch, int length) throws IOException {
        if (!entry.has(BatchEntry.VERBATIM)) {
            throw new IllegalArgumentException("Only a verbatim batch brings its bytes.");
        }
        verbatim.add(ordinal, batch, length);
        add(entry);
    }

    private void add(BatchEntry entry) throws IOException {
        long first = address.baseOffset() + entry.relBase();
        if (page.position() == 0) {
            pageRows.add(ByteBuffer.allocate(SidecarV1.PAGE_DIRECTORY_ENTRY_BYTES)
                    .putInt(ordinal)
                    .putLong(first)
                    .putLong(out.position() - batchesFrom));
        }
        entry.write(page);
        ordinal++;
        lastOffset = first + entry.lastOffsetDelta();
        if (!page.hasRemaining()) {
            flushPage();
        }
    }

    private void flushPage() throws IOException {
        if (page.position() == 0) {
            return;
        }
        byte[] raw = new byte[page.flip().remaining()];
        page.get(raw).clear();
        byte[] stored = Zstd.compress(raw, Compressed.LEVEL);
        write(ByteBuffer.wrap(stored));
        pageRows.getLast().putInt(stored.length).putInt(Compressed.crc32c(stored));
    }

    public int batches() {
        return ordinal;
    }

    public int verbatimBatches() {
        return verbatim.count();
    }

    /// Last offset of the last batch added, -1 before the first.
    public long lastOffset() {
        return lastOffset;
    }

    /// Writes what is left and makes the staged file complete.
    ///
    /// @param brokerFiles TIME, TXN, EPOCHS and SNAPSHOT, as many as announced
    /// @return what the segment's custom metadata pins
    public Sealed finish(Map<SectionType, byte[]> brokerFiles, List<DataFile> files, Origin origin) throws IOException {
        flushPage();
        finishBatches();
        verbatim.copyTo(this);
        for (Map.Entry<SectionType, byte[]> file : brokerFiles.entrySet()) {
            section(file.getKey(), file.getValue());
        }
        section(SectionType.FILES, DataFile.write(files));
        section(SectionType.ORIGIN, origin.write());
        if (directory.size() != sectionCount) {
            throw new IllegalStateException(
                    "Sidecar: " + sectionCount + " sections were announced, " + directory.size() + " came.");
        }
        return seal(out, address, generation, directory);
    }

    /// Writes footer and front around sections that are there.
    ///
    /// @param out positioned behind the last section
    static Sealed seal(FileChannel out, SegmentAddress address, int generation, List<SidecarV1.Section> directory)
            throws IOException {
        ByteBuffer front = front(address, generation, directory);
        int crc = Compressed.crc32c(front);
        long total = out.position() + SidecarV1.FOOTER_BYTES;
        ByteBuffer footer = ByteBuffer.allocate(SidecarV1.FOOTER_BYTES);
        write(
                out,
                footer.putLong(total).putInt(crc).putInt(SidecarV1.FOOTER_MAGIC).flip());
        out.position(0);
        write(out, front);
        out.force(false);
        return new Sealed(total, crc);
    }

    /// @param lengthBytes of the sidecar
    /// @param footerCrc32c the checksum in its footer
    public record Sealed(long lengthBytes, int footerCrc32c) {}

    private void finishBatches() throws IOException {
        ByteBuffer rows = ByteBuffer.allocate(
                pageRows.size() * SidecarV1.PAGE_DIRECTORY_ENTRY_BYTES + SidecarV1.PAGE_DIRECTORY_TRAILER_BYTES);
        pageRows.forEach(row -> rows.put(row.flip()));
        rows.put(pageDirectory.putInt(ordinal).putInt(pageRows.size()).flip()).flip();
        int crc = Compressed.crc32c(rows);
        write(rows);
        long stored = out.position() - batchesFrom;
        directory.add(new SidecarV1.Section(
                SectionType.BATCHES.number(),
                SidecarV1.CODEC_ZSTD,
                batchesFrom,
                stored,
                (long) ordinal * BatchEntry.BYTES,
                crc));
    }

    private void section(SectionType type, byte[] raw) throws IOException {
        Compressed block = Compressed.smallest(raw);
        directory.add(new SidecarV1.Section(
                type.number(),
                block.codec(),
                out.position(),
                block.stored().length,
                raw.length,
                Compressed.crc32c(block.stored())));
        write(ByteBuffer.wrap(block.stored()));
    }

    void verbatimSection(ByteBuffer index, FileChannel bytes) throws IOException {
        long from = out.position();
        int crc = Compressed.crc32c(index);
        write(index);
        long size = bytes.size();
        long copied = 0;
        while (copied < size) {
            copied += bytes.transferTo(copied, size - copied, out);
        }
        long length = out.position() - from;
        directory.add(
                new SidecarV1.Section(SectionType.VERBATIM.number(), SidecarV1.CODEC_NONE, from, length, length, crc));
    }

    private static ByteBuffer front(SegmentAddress address, int generation, List<SidecarV1.Section> directory) {
        ByteBuffer front =
                ByteBuffer.allocate(SidecarV1.HEADER_BYTES + SidecarV1.DIRECTORY_ENTRY_BYTES * directory.size());
        front.putLong(SidecarV1.MAGIC).putShort((short) SidecarV1.VERSION).putShort((short) SidecarV1.HEADER_BYTES);
        front.putInt(generation);
        put(front, address.topicId());
        front.putInt(address.partition());
        put(front, address.segment());
        front.putLong(address.baseOffset()).putInt(directory.size());
        for (SidecarV1.Section section : directory) {
            front.putShort((short) section.type()).putShort((short) section.codec());
            front.putLong(section.position()).putLong(section.storedLength()).putLong(section.rawLength());
            front.putInt(section.crc32c());
        }
        return front.flip();
    }

    private static void put(ByteBuffer target, UUID id) {
        target.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private void write(ByteBuffer bytes) throws IOException {
        write(out, bytes);
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (out) {
            verbatim.close();
            Files.deleteIfExists(verbatim.file());
        }
    }
}
