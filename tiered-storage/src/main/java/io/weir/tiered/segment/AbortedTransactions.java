package io.weir.tiered.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which batches of a segment belong to aborted transactions.
///
/// Kafka lists an aborted transaction only in the index of the segment that holds its abort *marker*, so every
/// `*.txnindex` beside the segment, its own and later ones, has to be read. Entry (34 bytes, big-endian):
/// `version i16 = 0 | producerId i64 | firstOffset i64 | lastOffset i64 (the marker) | lastStableOffset i64`.
public final class AbortedTransactions {
    private static final int ENTRY_BYTES = 34;
    private static final String SUFFIX = ".txnindex";

    private final Map<Long, List<long[]>> rangesByProducer = new HashMap<>();

    /// Nothing is aborted.
    public AbortedTransactions() {}

    /// Reads the indexes beside a segment. A file that vanishes meanwhile ends the read: the caller tries again.
    ///
    /// @param segmentFile the `.log` file of the segment
    /// @param baseOffset the segment's base offset; indexes of earlier segments cannot name its batches
    public static AbortedTransactions beside(Path segmentFile, long baseOffset) throws IOException {
        AbortedTransactions aborted = new AbortedTransactions();
        Path folder = segmentFile.toAbsolutePath().getParent();
        if (folder == null) {
            return aborted;
        }
        try (DirectoryStream<Path> indexes = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path index : indexes) {
                if (baseOffsetOf(index) >= baseOffset) {
                    aborted.addIndex(Files.readAllBytes(index), index.toString());
                }
            }
        }
        return aborted;
    }

    private static long baseOffsetOf(Path index) {
        String name = String.valueOf(index.getFileName());
        String digits = name.substring(0, name.length() - SUFFIX.length());
        return digits.chars().allMatch(Character::isDigit) && !digits.isEmpty() ? Long.parseLong(digits) : -1;
    }

    /// Adds the entries of one index file.
    ///
    /// @param name how an error names the file
    public void addIndex(byte[] index, String name) {
        ByteBuffer entries = ByteBuffer.wrap(index);
        // a partly written last entry belongs to a transaction above the last stable offset
        while (entries.remaining() >= ENTRY_BYTES) {
            short version = entries.getShort();
            if (version != 0) {
                throw new CorruptSegmentException(
                        "Transaction index '" + name + "': version must be 0, got " + version + ".");
            }
            long producerId = entries.getLong();
            long[] range = {entries.getLong(), entries.getLong()};
            entries.getLong();
            rangesByProducer
                    .computeIfAbsent(producerId, id -> new ArrayList<>())
                    .add(range);
        }
    }

    /// Whether the batch's transaction ended with an abort marker.
    public boolean contains(BatchEnvelope batch) {
        if (!batch.isTransactional() || rangesByProducer.isEmpty()) {
            return false;
        }
        List<long[]> ranges = rangesByProducer.getOrDefault(batch.producerId(), List.of());
        for (long[] range : ranges) {
            if (range[0] <= batch.baseOffset() && batch.baseOffset() <= range[1]) {
                return true;
            }
        }
        return false;
    }
}
