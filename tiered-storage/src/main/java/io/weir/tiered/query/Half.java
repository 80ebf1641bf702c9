package io.weir.tiered.query;

/// Which rows of a topic a relation means.
public enum Half {
    /// `orders`
    ALL,
    /// `"orders$hot"`: from the first offset that is not in the archive.
    HOT,
    /// `"orders$cold"`: below it.
    COLD
}
