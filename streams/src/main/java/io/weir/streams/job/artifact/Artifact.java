package io.weir.streams.job.artifact;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;

/// An immutable job jar that is completely stored.
///
/// @param sha256 64 lower-case hexadecimal digits over the whole jar; the artifact's only name
/// @param bytes length of the jar, at least 1
public record Artifact(String sha256, long bytes) {
    /// Length of every chunk but the last one.
    public static final int CHUNK_BYTES = 512 * 1024;

    /// The largest jar that is accepted.
    public static final long LARGEST_BYTES = 64L * 1024 * 1024;

    public Artifact {
        if (!sha256.matches("[0-9a-f]{64}") || bytes < 1) {
            throw new IllegalArgumentException(
                    "Artifact '" + sha256 + "': needs 64 hexadecimal digits and at least one byte, got " + bytes + ".");
        }
    }

    /// Number of chunks: `(chunks - 1) * CHUNK_BYTES < bytes <= chunks * CHUNK_BYTES`.
    public int chunks() {
        return Math.toIntExact((bytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }

    /// @throws WeirException `artifact-too-large` (413), or `artifact-not-a-jar` when empty
    static void requireSize(long bytes) {
        if (bytes > LARGEST_BYTES) {
            throw new WeirException(
                    "artifact-too-large",
                    Whose.USER,
                    413,
                    "Jar: must not be larger than " + LARGEST_BYTES + " bytes, got " + bytes
                            + ". Leave out what the node brings: weir-streams has scope 'provided'.",
                    null);
        }
        if (bytes == 0) {
            throw new WeirException("artifact-not-a-jar", Whose.USER, 422, "Jar: is empty.", null);
        }
    }
}
