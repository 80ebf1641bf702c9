package io.weir.tiered.table;

/// Properties that Weir keeps in a table and in the summaries of its snapshots.
final class LakeProperties {
    /// The one authority for what is in the table: `0:1500,1:900`, next offset by partition. In a summary it
    /// is a copy, for time travel.
    static final String OFFSETS = "weir.offsets.v1";

    static final String TOPIC = "weir.topic";
    static final String TOPIC_ID = "weir.topic-id";
    static final String CLUSTER_ID = "weir.cluster-id";

    /// Of a summary only: ids of the segments that the snapshot added, to explain it.
    static final String SEGMENTS = "weir.segments";

    /// Of a summary only: the snapshot has let rows go that the log had dropped.
    static final String DROPPED = "weir.dropped";

    /// Of a summary only: the request whose records the snapshot has let go.
    static final String ERASED = "weir.erased";

    private LakeProperties() {}
}
