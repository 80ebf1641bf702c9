package io.weir.tiered.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An opened sidecar ([SidecarV1]): header, directory, file list and origin in memory, batch pages and
/// verbatim
/// batches read on demand. Everything read is checked before it is returned. Safe for use by any thread;
/// nothing
/// to close.
public final class Sidecar {
    /// A sidecar up to this size is read at once.
    private static final int SMALL_BYTES = 256 * 1024;

    private static final int FRONT_BYTES = 1024;
    private static final int GENERATION_AT = 12;
    /// So many first bytes of a sidecar tell its generation.
    public static final int GENERATION_KNOWN_FROM = 16;

    private final String name;
    private final RangeSource source;
    private final long lengthBytes;
    private final int footerCrc32c;
    private final int generation;
    private final SegmentAddress address;
    private final Map<SectionType, SidecarV1.Section> sections;
    private final List<DataFile> files;
    private final Origin origin;
    private final BatchPages batches;
    private final VerbatimBatches verbatim;

    private Sidecar(String name, RangeSource source, long lengthBytes, byte[] front) throws IOException {
        this.name = name;
        this.source = source;
        this.lengthBytes = lengthBytes;
        ByteBuffer header = ByteBuffer.wrap(front);
        header.position(GENERATION_AT);
        this.generation = header.getInt();
        UUID topicId = new UUID(header.getLong(), header.getLong());
        int partition = header.getInt();
        UUID segment = new UUID(header.getLong(), header.getLong());
        long baseOffset = header.getLong();
        int count = header.getInt();
        this.footerCrc32c = footer(Arrays.copyOf(front, directoryEnd(count)));
        this.address = new SegmentAddress(topicId, partition, segment, baseOffset);
        this.sections = directory(header, count);
        this.files = DataFile.read(required(SectionType.FILES), describe(SectionType.FILES));
        this.origin = Origin.read(required(SectionType.ORIGIN), describe(SectionType.ORIGIN));
        this.batches = new BatchPages(source, entry(SectionType.BATCHES), describe(SectionType.BATCHES));
        this.verbatim = new VerbatimBatches(source, entry(SectionType.VERBATIM), describe(SectionType.VERBATIM));
    }

    /// Reads and checks the frame of a sidecar.
    ///
    /// @param name how errors name the object
    /// @param lengthBytes of the object
    /// @throws CorruptSegmentException it is no sidecar, of an unknown version, or damaged
    public static Sidecar open(String name, RangeSource source, long lengthBytes) throws IOException {
        if (lengthBytes < SidecarV1.HEADER_BYTES + SidecarV1.FOOTER_BYTES) {
            throw new CorruptSegmentException("Sidecar '" + name + "': too short, " + lengthBytes + " bytes.");
        }
        RangeSource bytes = lengthBytes <= SMALL_BYTES ? inMemory(name, source.read(0, (int) lengthBytes)) : source;
        byte[] start = bytes.read(0, (int) Math.min(lengthBytes, FRONT_BYTES));
        ByteBuffer header = ByteBuffer.wrap(start);
        if (header.getLong() != SidecarV1.MAGIC) {
            throw new CorruptSegmentException("Sidecar '" + name + "': does not begin with WEIRSC01.");
        }
        int version = header.getShort() & 0xFFFF;
        int headerLength = header.getShort() & 0xFFFF;
        if (version != SidecarV1.VERSION || headerLength != SidecarV1.HEADER_BYTES) {
            throw new CorruptSegmentException("Sidecar '" + name + "': version 1 with a header of 64 bytes can be read,"
                    + " got version " + version + " with " + headerLength + ". A newer Weir has written it.");
        }
        int count = header.getInt(60);
        if (count < 0 || count > SidecarV1.MAX_SECTIONS || directoryEnd(count) > lengthBytes - SidecarV1.FOOTER_BYTES) {
            throw new CorruptSegmentException("Sidecar '" + name + "': " + count + " sections cannot be.");
        }
        byte[] front = directoryEnd(count) <= start.length ? start : bytes.read(0, directoryEnd(count));
        return new Sidecar(name, bytes, lengthBytes, front);
    }

    private static int directoryEnd(int count) {
        return SidecarV1.HEADER_BYTES + count * SidecarV1.DIRECTORY_ENTRY_BYTES;
    }

    private static RangeSource inMemory(String name, byte[] all) {
        return (position, length) -> {
            if (position < 0 || length < 0 || position + length > all.length) {
                throw new CorruptSegmentException(
                        "Sidecar '" + name + "': has no " + length + " bytes at " + position + ".");
            }
            return Arrays.copyOfRange(all, (int) position, (int) position + length);
        };
    }

    private int footer(byte[] front) throws IOException {
        ByteBuffer footer = ByteBuffer.wrap(source.read(lengthBytes - SidecarV1.FOOTER_BYTES, SidecarV1.FOOTER_BYTES));
        long total = footer.getLong();
        int crc = footer.getInt();
        if (total != lengthBytes || footer.getInt() != SidecarV1.FOOTER_MAGIC || crc != Compressed.crc32c(front)) {
            throw new CorruptSegmentException("Sidecar '" + name + "': header, directory and footer do not agree.");
        }
        return crc;
    }

    private Map<SectionType, SidecarV1.Section> directory(ByteBuffer rows, int count) {
        Map<SectionType, SidecarV1.Section> known = new EnumMap<>(SectionType.class);
        for (int i = 0; i < count; i++) {
            SidecarV1.Section section = new SidecarV1.Section(
                    rows.getShort() & 0xFFFF,
                    rows.getShort() & 0xFFFF,
                    rows.getLong(),
                    rows.getLong(),
                    rows.getLong(),
                    rows.getInt());
            if (section.position() < directoryEnd(count)
                    || section.storedLength() < 0
                    || section.storedLength() > lengthBytes - SidecarV1.FOOTER_BYTES - section.position()) {
                throw new CorruptSegmentException(
                        "Sidecar '" + name + "': section " + section.type() + " lies outside of the object.");
            }
            SectionType type = type(section.type());
            if (type != null) {
                known.put(type, section);
            }
        }
        return known;
    }

    private @Nullable SectionType type(int number) {
        for (SectionType type : SectionType.values()) {
            if (type.number() == number) {
                return type;
            }
        }
        if (number < SectionType.FIRST_OPTIONAL) {
            throw new CorruptSegmentException("Sidecar '" + name + "': section type " + number
                    + " is not known and not optional. A newer Weir has written it.");
        }
        return null;
    }

    private String describe(SectionType type) {
        return "Sidecar '" + name + "', section " + type;
    }

    private SidecarV1.Section entry(SectionType type) {
        SidecarV1.Section section = sections.get(type);
        if (section == null) {
            throw new CorruptSegmentException(describe(type) + ": is missing.");
        }
        return section;
    }

    private byte[] required(SectionType type) throws IOException {
        return section(type).orElseThrow(() -> new CorruptSegmentException(describe(type) + ": is missing."));
    }

    /// The sections as they lie in the object.
    Collection<SidecarV1.Section> storedSections() {
        return sections.values();
    }

    /// Bytes of the object, as they are.
    byte[] stored(long position, int length) throws IOException {
        return source.read(position, length);
    }

    /// The generation of the sidecar that begins with these bytes; cheap to ask for again and again.
    ///
    /// @param start at least [#GENERATION_KNOWN_FROM] bytes
    public static int generation(byte[] start) {
        return ByteBuffer.wrap(start).getInt(GENERATION_AT);
    }

    /// One of the sections that are read as a whole (not BATCHES, not VERBATIM), checked and unpacked.
    public Optional<byte[]> section(SectionType type) throws IOException {
        SidecarV1.Section section = sections.get(type);
        if (section == null) {
            return Optional.empty();
        }
        if (section.storedLength() > Integer.MAX_VALUE - 8) {
            throw new CorruptSegmentException(describe(type) + ": is too long, " + section.storedLength() + " bytes.");
        }
        byte[] stored = source.read(section.position(), (int) section.storedLength());
        if (Compressed.crc32c(stored) != section.crc32c()) {
            throw new CorruptSegmentException(describe(type) + ": checksum does not match.");
        }
        return Optional.of(Compressed.unpack(section.codec(), stored, section.rawLength(), describe(type)));
    }

    public String name() {
        return name;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    public int footerCrc32c() {
        return footerCrc32c;
    }

    /// 0 as copied; grows when the sidecar is replaced (erase, migration).
    public int generation() {
        return generation;
    }

    public SegmentAddress address() {
        return address;
    }

    /// Data files in offset order; empty when no batch became rows.
    public List<DataFile> files() {
        return files;
    }

    /// What was taken away on request.
    public Erasures erasures() throws IOException {
        return section(SectionType.ERASED)
                .map(section -> Erasures.read(section, describe(SectionType.ERASED)))
                .orElse(Erasures.NONE);
    }

    public Origin origin() {
        return origin;
    }

    /// Number of batches; ordinals are `0 <= ordinal < batchCount`.
    public int batchCount() {
        return batches.count();
    }

    /// The entry of one batch.
    public BatchEntry batch(int ordinal) throws IOException {
        return batches.entry(ordinal);
    }

    /// The stored bytes of a VERBATIM batch, checked against its entry.
    public byte[] verbatim(int ordinal) throws IOException {
        BatchEntry entry = batch(ordinal);
        byte[] batch = verbatim.read(ordinal);
        if (Compressed.crc32c(batch) != entry.recordsCrc32c()) {
            throw new CorruptSegmentException(
                    describe(SectionType.VERBATIM) + ": checksum of batch " + ordinal + " does not match.");
        }
        return batch;
    }

    /// Kafka's OFFSET index of this segment, derived: `(relative base offset i32, ordinal i32)` of every n-th
    /// batch but the first, n = [Origin#indexInterval].
    public byte[] offsetIndex() throws IOException {
        int interval = origin.indexInterval();
        int entries = Math.max(0, (batchCount() - 1) / interval);
        ByteBuffer index = ByteBuffer.allocate(entries * 8);
        for (int i = 1; i <= entries; i++) {
            int ordinal = i * interval;
            index.putInt(batch(ordinal).relBase()).putInt(ordinal);
        }
        return index.array();
    }
}
