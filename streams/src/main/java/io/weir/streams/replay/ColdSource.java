package io.weir.streams.replay;

/// Where consumers of a replay read what is archived.
///
/// @param reader shared by all of them
/// @param memoryBytes that one consumer may take for it; one row group is always held
public record ColdSource(ColdReader reader, long memoryBytes) {
    public ColdSource {
        if (memoryBytes < 1) {
            throw new IllegalArgumentException(
                    "Replay: memory for archived records must be positive, got " + memoryBytes + " bytes.");
        }
    }

    /// The part of one of several consumers.
    public ColdSource dividedBy(int consumers) {
        return new ColdSource(reader, Math.max(1, memoryBytes / consumers));
    }
}
