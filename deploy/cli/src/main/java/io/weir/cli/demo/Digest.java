package io.weir.cli.demo;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// SHA-256 over a sequence of fields; each field is preceded by its length, so that no two sequences look the
/// same.
final class Digest {
    private final MessageDigest sha256;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    Digest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void add(long value) {
        number.clear();
        sha256.update(number.putLong(value).array());
    }

    void add(byte @Nullable [] bytes) {
        add(bytes == null ? -1L : bytes.length);
        if (bytes != null) {
            sha256.update(bytes);
        }
    }

    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
