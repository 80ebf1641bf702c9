package io.weir.tiered.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A sidecar that lists other data files than the one before and is otherwise the same, one generation later. Every
/// other section is copied as it is stored.
public final class RelistedSidecar {
    private static final int CHUNK_BYTES = 1 << 20;

    private RelistedSidecar() {}

    /// @param staged the file to write; replaced when present
    /// @param files that hold the rows from now on
    public static SidecarWriter.Sealed write(Path staged, Sidecar former, List<DataFile> files) throws IOException {
        Map<Integer, SidecarV1.Section> sections = new TreeMap<>();
        former.storedSections().forEach(section -> sections.put(section.type(), section));
        byte[] raw = DataFile.write(files);
        Compressed listed = Compressed.smallest(raw);
        try (FileChannel out = FileChannel.open(
                staged, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out.position(SidecarV1.HEADER_BYTES + (long) SidecarV1.DIRECTORY_ENTRY_BYTES * sections.size());
            List<SidecarV1.Section> directory = new ArrayList<>();
            for (SidecarV1.Section section : sections.values()) {
                long from = out.position();
                if (section.type() == SectionType.FILES.number()) {
                    write(out, ByteBuffer.wrap(listed.stored()));
                    directory.add(new SidecarV1.Section(
                            section.type(),
                            listed.codec(),
                            from,
                            listed.stored().length,
                            raw.length,
                            Compressed.crc32c(listed.stored())));
                } else {
                    copy(out, former, section);
                    directory.add(new SidecarV1.Section(
                            section.type(),
                            section.codec(),
                            from,
                            section.storedLength(),
                            section.rawLength(),
                            section.crc32c()));
                }
            }
            return SidecarWriter.seal(out, former.address(), former.generation() + 1, directory);
        }
    }

    private static void copy(FileChannel out, Sidecar former, SidecarV1.Section section) throws IOException {
        long copied = 0;
        while (copied < section.storedLength()) {
            int chunk = (int) Math.min(CHUNK_BYTES, section.storedLength() - copied);
            write(out, ByteBuffer.wrap(former.stored(section.position() + copied, chunk)));
            copied += chunk;
        }
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
