package io.weir.tiered.archive;

import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.RangeSource;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.segment.SidecarWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A segment encoded into local files, not uploaded yet.
///
/// @param dataFile as the sidecar lists it; empty when no batch became rows
/// @param rawRecords whose value stands in `_raw`
/// @param shapes of the values that do not
/// @param verbatimReasons batches kept as they were, by reason
record StagedSegment(
        Path rowsFile,
        Path sidecarFile,
        Optional<DataFile> dataFile,
        SidecarWriter.Sealed sealed,
        long records,
        long rawRecords,
        int shapes,
        Map<String, Integer> verbatimReasons) {
    private static final Logger LOG = LoggerFactory.getLogger(StagedSegment.class);

    /// Opens the staged files as a reader would.
    ///
    /// @return ordinals of the batches that they do not give back
    Set<Integer> unproven(VerifyOnCopy depth) throws IOException {
        try (LocalFile sidecarBytes = new LocalFile(sidecarFile);
                LocalFile rowBytes = new LocalFile(rowsFile)) {
            Sidecar sidecar = Sidecar.open(sidecarFile.toString(), sidecarBytes, sealed.lengthBytes());
            ColdSegment segment = ColdSegment.open(sidecar, path -> rowBytes);
            return depth == VerifyOnCopy.FULL ? unproven(segment) : Set.of();
        }
    }

    private static Set<Integer> unproven(ColdSegment segment) throws IOException {
        Set<Integer> unproven = new HashSet<>();
        BatchRebuilder rebuilder = new BatchRebuilder(segment, new LatestRowGroup(), ServeCompression.NONE);
        Sidecar sidecar = segment.sidecar();
        for (int ordinal = 0; ordinal < sidecar.batchCount(); ordinal++) {
            BatchEntry entry = sidecar.batch(ordinal);
            if (entry.has(BatchEntry.VERBATIM)) {
                sidecar.verbatim(ordinal);
                continue;
            }
            try {
                rebuilder.prove(ordinal, entry);
            } catch (CorruptSegmentException e) {
                unproven.add(ordinal);
            }
        }
        return unproven;
    }

    /// A local file by position.
    static final class LocalFile implements RangeSource, AutoCloseable {
        private final Path file;
        private final FileChannel channel;

        LocalFile(Path file) throws IOException {
            this.file = file;
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
        }

        @Override
        public byte[] read(long position, int length) throws IOException {
            ByteBuffer target = ByteBuffer.allocate(length);
            while (target.hasRemaining()) {
                if (channel.read(target, position + target.position()) < 0) {
                    throw new EOFException(
                            "Staged file '" + file + "': has no " + length + " bytes at " + position + ".");
                }
            }
            return target.array();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /// CRC32C of a local file.
    static int checksum(Path file) throws IOException {
        try (LocalFile bytes = new LocalFile(file)) {
            return Checksums.of(bytes, Files.size(file));
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(rowsFile);
        Files.deleteIfExists(sidecarFile);
    }

    /// For a result that nobody has waited for. What stays behind goes when the plugin starts next.
    void discard() {
        try {
            delete();
        } catch (IOException e) {
            LOG.warn("Staged files could not be removed: {}", rowsFile, e);
        }
    }
}
