package io.weir.tiered.archive;

/// How deep a verification looks; each level includes the ones before.
public enum VerifyLevel {
    /// Sidecars can be read and belong where they lie, objects exist in their lengths, offsets follow each other,
    /// and so for the files of the topic's table.
    META,
    /// Every batch is given back to its checksum, and the files hold as many rows as the batches say; the table has
    /// the rows of the segments, each once.
    ROWS,
    /// Where the local log still has the records, they equal the archived ones; rows that lie in other files in the
    /// table
    /// have the same values.
    DEEP
}
