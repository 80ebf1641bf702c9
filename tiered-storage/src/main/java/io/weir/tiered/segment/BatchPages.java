package io.weir.tiered.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The BATCHES section on demand: page directory in memory, the last few pages kept. Safe for use by any thread.
final class BatchPages {
    private static final int PAGES_KEPT = 4;

    private final RangeSource source;
    private final SidecarV1.Section section;
    private final String name;
    private final int count;
    private final ByteBuffer directory;
    private final int pages;

    /// Guards `kept`.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Integer, ByteBuffer> kept = new LinkedHashMap<>(8, 0.75f, true);

    BatchPages(RangeSource source, SidecarV1.Section section, String name) throws IOException {
        this.source = source;
        this.section = section;
        this.name = name;
        int trailer = SidecarV1.PAGE_DIRECTORY_TRAILER_BYTES;
        if (section.storedLength() < trailer) {
            throw new CorruptSegmentException(name + ": has no page directory.");
        }
        long end = section.position() + section.storedLength();
        ByteBuffer counts = ByteBuffer.wrap(source.read(end - trailer, trailer));
        this.count = counts.getInt();
        this.pages = counts.getInt();
        long length = (long) pages * SidecarV1.PAGE_DIRECTORY_ENTRY_BYTES + trailer;
        if (count < 0 || pages != Math.ceilDiv(count, SidecarV1.PAGE_ENTRIES) || length > section.storedLength()) {
            throw new CorruptSegmentException(name + ": " + count + " batches in " + pages + " pages cannot be.");
        }
        byte[] rows = source.read(end - length, (int) length);
        if (Compressed.crc32c(rows) != section.crc32c()) {
            throw new CorruptSegmentException(name + ": checksum of the page directory does not match.");
        }
        this.directory = ByteBuffer.wrap(rows);
    }

    int count() {
        return count;
    }

    BatchEntry entry(int ordinal) throws IOException {
        if (ordinal < 0 || ordinal >= count) {
            throw new IndexOutOfBoundsException(name + ": has " + count + " batches, asked for " + ordinal + ".");
        }
        ByteBuffer page = page(ordinal / SidecarV1.PAGE_ENTRIES);
        return BatchEntry.read(page, ordinal % SidecarV1.PAGE_ENTRIES * BatchEntry.BYTES);
    }

    private ByteBuffer page(int number) throws IOException {
        ByteBuffer page = cached(number);
        if (page == null) {
            page = load(number);
            lock.lock();
            try {
                kept.put(number, page);
                if (kept.size() > PAGES_KEPT) {
                    kept.remove(kept.keySet().iterator().next());
                }
            } finally {
                lock.unlock();
            }
        }
        return page;
    }

    private @Nullable ByteBuffer cached(int number) {
        lock.lock();
        try {
            return kept.get(number);
        } finally {
            lock.unlock();
        }
    }

    private ByteBuffer load(int number) throws IOException {
        int row = number * SidecarV1.PAGE_DIRECTORY_ENTRY_BYTES;
        long position = directory.getLong(row + 12);
        int length = directory.getInt(row + 20);
        int entries = Math.min(SidecarV1.PAGE_ENTRIES, count - number * SidecarV1.PAGE_ENTRIES);
        String pageName = name + ", page " + number;
        if (position < 0 || length < 0 || position + length > section.storedLength()) {
            throw new CorruptSegmentException(pageName + ": lies outside of the section.");
        }
        byte[] stored = source.read(section.position() + position, length);
        if (Compressed.crc32c(stored) != directory.getInt(row + 24)) {
            throw new CorruptSegmentException(pageName + ": checksum does not match.");
        }
        return ByteBuffer.wrap(Compressed.unpack(section.codec(), stored, (long) entries * BatchEntry.BYTES, pageName));
    }
}
