package io.weir.streams.job.artifact;

/// Reads the chunks of one artifact back from where they are kept. Safe for use by any thread.
@FunctionalInterface
public interface ChunkReader {
    /// Hands over every stored chunk of the artifact, in the order in which it was written. A chunk that was
    /// written twice comes twice; the later one counts.
    ///
    /// @throws io.weir.log.fault.WeirException EXTERNAL, when the log does not answer in time
    void read(Artifact artifact, ChunkSink sink);

    /// Takes one chunk; called by the reading thread only.
    @FunctionalInterface
    interface ChunkSink {
        void accept(int index, byte[] chunk);
    }
}
