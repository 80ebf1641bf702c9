package io.weir.tiered.archive;

/// How the segments of a topic are stored (`lake.mode`). A change holds for copies made from then on; both kinds
/// mix in one partition.
public enum LakeMode {
    /// Rows in a data file, a sidecar beside them.
    PARQUET,
    /// The segment as it is, the broker's indexes in the sidecar: for topics that are encrypted or binary, or where
    /// the processor is dear. SQL does not see them.
    CLASSIC
}
