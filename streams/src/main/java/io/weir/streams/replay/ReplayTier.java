package io.weir.streams.replay;

/// Where a replay reads history. What it delivers is the same.
public enum ReplayTier {
    /// Everything through the broker.
    T1,

    /// What is archived from the archive, the rest through the broker.
    T2,

    /// What is archived is folded in its columns as far as that is provably the same, the rest as in T2.
    T3
}
