package io.weir.tiered.archive;

import org.apache.kafka.common.record.internal.CompressionType;

/// How rebuilt batches are compressed for Kafka readers (`weir.archive.serve.compression`).
public enum ServeCompression {
    /// Not at all when the producer did not compress, else lz4.
    AUTO,
    NONE,
    LZ4,
    ZSTD;

    CompressionType typeFor(int producerCodec) {
        return switch (this) {
            case AUTO -> producerCodec == 0 ? CompressionType.NONE : CompressionType.LZ4;
            case NONE -> CompressionType.NONE;
            case LZ4 -> CompressionType.LZ4;
            case ZSTD -> CompressionType.ZSTD;
        };
    }
}
