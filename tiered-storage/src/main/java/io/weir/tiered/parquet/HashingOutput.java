package io.weir.tiered.parquet;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/// A local file that is hashed while it is written: CRC32C and SHA-256 of the whole, CRC32C since the last mark.
final class HashingOutput extends PositionOutputStream implements OutputFile {
    private static final int BUFFER_BYTES = 256 * 1024;

    private final Path file;
    private final FileOutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CRC32C whole = new CRC32C();
    private final CRC32C sinceMark = new CRC32C();
    private final MessageDigest sha256;
    private int buffered;
    private long position;

    HashingOutput(Path file) throws IOException {
        this.file = file;
        this.out = new FileOutputStream(file.toFile());
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /// Starts a new range and returns the CRC32C of the one that ends here.
    int mark() throws IOException {
        drain();
        int crc = (int) sinceMark.getValue();
        sinceMark.reset();
        return crc;
    }

    int crc32c() {
        return (int) whole.getValue();
    }

    /// Of everything written; call once, after `close`.
    String sha256() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void write(int value) throws IOException {
        if (buffered == buffer.length) {
            drain();
        }
        buffer[buffered++] = (byte) value;
        position++;
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
        position += length;
        int done = 0;
        while (done < length) {
            if (buffered == buffer.length) {
                drain();
            }
            int chunk = Math.min(length - done, buffer.length - buffered);
            System.arraycopy(bytes, start + done, buffer, buffered, chunk);
            buffered += chunk;
            done += chunk;
        }
    }

    private void drain() throws IOException {
        whole.update(buffer, 0, buffered);
        sinceMark.update(buffer, 0, buffered);
        sha256.update(buffer, 0, buffered);
        out.write(buffer, 0, buffered);
        buffered = 0;
    }

    @Override
    public void flush() throws IOException {
        drain();
    }

    @Override
    public void close() throws IOException {
        try (out) {
            drain();
        }
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return this;
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return this;
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return file.toString();
    }
}
