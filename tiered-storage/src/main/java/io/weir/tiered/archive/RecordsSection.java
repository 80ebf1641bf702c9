package io.weir.tiered.archive;

import io.weir.tiered.segment.BatchEnvelope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.jspecify.annotations.Nullable;

/// The uncompressed records section of a batch: a view of the batch itself, or a reused buffer behind Kafka's own
/// decompressors. One thread.
final class RecordsSection {
    /// A section larger than this is not unpacked: no client could have sent it in good faith.
    private static final int MAX_BYTES = 512 * 1024 * 1024;

    private final BufferSupplier buffers = BufferSupplier.create();
    private byte[] unpacked = new byte[64 * 1024];
    private byte[] bytes = unpacked;
    private int from;
    private int to;

    /// Opens the section of a batch that starts at index 0.
    ///
    /// @return why it cannot be opened, or null when it can
    @Nullable
    String open(BatchEnvelope envelope, byte[] batch) {
        int size = envelope.sizeInBytes();
        if (envelope.codec() == 0) {
            bytes = batch;
            from = BatchEnvelope.HEADER_BYTES;
            to = size;
            return null;
        }
        if (envelope.codec() > CompressionType.ZSTD.id) {
            return "unknown-codec";
        }
        ByteBuffer stored = ByteBuffer.wrap(batch, BatchEnvelope.HEADER_BYTES, size - BatchEnvelope.HEADER_BYTES);
        CompressionType type = CompressionType.forId(envelope.codec());
        try (InputStream in = Compression.of(type).build().wrapForInput(stored.slice(), envelope.magic(), buffers)) {
            bytes = unpacked;
            from = 0;
            to = 0;
            for (int read = read(in); read >= 0; read = read(in)) {
                to += read;
                if (to > MAX_BYTES) {
                    return "too-large";
                }
            }
            return null;
        } catch (IOException | RuntimeException e) {
            return "undecompressible";
        }
    }

    private int read(InputStream in) throws IOException {
        if (to == unpacked.length) {
            unpacked = Arrays.copyOf(unpacked, unpacked.length * 2);
            bytes = unpacked;
        }
        return in.read(unpacked, to, unpacked.length - to);
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }
}
