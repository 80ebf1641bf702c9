package io.weir.streams.job.state;

/// What a store holds, and so how it can be read.
public enum StoreKind {
    /// One row per key.
    KEY_VALUE,
    /// The rows a key had over time.
    VERSIONED,
    /// One row per key, the whole of it on every node.
    GLOBAL,
    /// Tumbling and hopping windows that are open.
    WINDOW,
    /// Sliding windows that are open; read by key only.
    SLIDING,
    /// Sessions that are open.
    SESSION,
    /// A store of the job's own Kafka Streams code; types and windows are found out by asking.
    OWN_CODE,
    /// Times, timers and rows that wait for a match: not for readers.
    INTERNAL
}
