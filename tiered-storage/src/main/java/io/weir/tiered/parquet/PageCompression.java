package io.weir.tiered.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/// Page compression on whole arrays, straight on zstd-jni and snappy-java: Parquet's own factory goes through
/// Hadoop's codec pool and streams. One instance per writer or reader, one thread.
final class PageCompression implements CompressionCodecFactory {
    private static final int ZSTD_LEVEL = 3;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
    private byte[] packed = new byte[64 * 1024];

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new Compressor(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Decompressor(codec);
    }

    @Override
    public void release() {
        zstd.close();
    }

    private byte[] room(long bytes) {
        if (packed.length < bytes) {
            packed = new byte[Math.toIntExact(bytes)];
        }
        return packed;
    }

    private static IOException unsupported(CompressionCodecName codec) {
        return new IOException("Parquet page: codec must be ZSTD, SNAPPY or UNCOMPRESSED, got " + codec + ".");
    }

    private final class Compressor implements BytesInputCompressor {
        private final CompressionCodecName codec;

        Compressor(CompressionCodecName codec) {
            this.codec = codec;
        }

        /// The result is valid until the next call; Parquet copies it at once.
        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            return switch (codec) {
                case ZSTD -> {
                    byte[] raw = bytes.toByteArray();
                    byte[] target = room(Zstd.compressBound(raw.length));
                    int length = zstd.compressByteArray(target, 0, target.length, raw, 0, raw.length);
                    yield BytesInput.from(target, 0, length);
                }
                case SNAPPY -> {
                    byte[] raw = bytes.toByteArray();
                    byte[] target = room(Snappy.maxCompressedLength(raw.length));
                    yield BytesInput.from(target, 0, Snappy.compress(raw, 0, raw.length, target, 0));
                }
                case UNCOMPRESSED -> bytes;
                default -> throw unsupported(codec);
            };
        }

        @Override
        public CompressionCodecName getCodecName() {
            return codec;
        }

        @Override
        public void release() {}
    }

    private static final class Decompressor implements BytesInputDecompressor {
        private final CompressionCodecName codec;

        Decompressor(CompressionCodecName codec) {
            this.codec = codec;
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int decompressedSize) throws IOException {
            if (codec == CompressionCodecName.UNCOMPRESSED || decompressedSize == 0) {
                return bytes;
            }
            byte[] raw = new byte[decompressedSize];
            byte[] stored = bytes.toByteArray();
            long length = switch (codec) {
                case ZSTD -> Zstd.decompress(raw, stored);
                case SNAPPY ->
                    Snappy.uncompressedLength(stored) == raw.length
                            ? Snappy.uncompress(stored, 0, stored.length, raw, 0)
                            : -1;
                default -> throw unsupported(codec);
            };
            if (length != decompressedSize) {
                throw new IOException("Parquet page: must decompress to " + decompressedSize + " bytes.");
            }
            return BytesInput.from(raw);
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int decompressedSize)
                throws IOException {
            byte[] stored = new byte[compressedSize];
            input.get(stored);
            output.put(decompress(BytesInput.from(stored), decompressedSize).toByteArray());
        }

        @Override
        public void release() {}
    }
}
