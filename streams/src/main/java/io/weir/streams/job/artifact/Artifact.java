package io.weir.streams.job.artifact;

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
}
