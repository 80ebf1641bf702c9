package io.weir.tiered.parquet;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/// How the pages of a data file are compressed.
public enum PageCodec {
    /// For what is kept: segments.
    ZSTD(CompressionCodecName.ZSTD),
    /// For what is read once or twice: the hot tail of a query.
    SNAPPY(CompressionCodecName.SNAPPY),
    NONE(CompressionCodecName.UNCOMPRESSED);

    private final CompressionCodecName parquetName;

    PageCodec(CompressionCodecName parquetName) {
        this.parquetName = parquetName;
    }

    CompressionCodecName parquetName() {
        return parquetName;
    }
}
