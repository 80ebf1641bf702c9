package io.weir.streams.job.state;

import java.util.List;

/// One store of a running version.
///
/// @param stage the stage it belongs to; empty where the plan does not know
/// @param keyType name of the type of keys; empty where it is not known
/// @param valueType name of the type of rows; empty where it is not known
/// @param topics what the position of the store is counted in: the topics its tasks read
/// @param entries about how many it has on this node; -1 when that is not known
/// @param bytes about how many it takes on this node's disk and in its write buffers; -1 when that is not known
public record StoreInfo(
        String name,
        StoreKind kind,
        String stage,
        String keyType,
        String valueType,
        List<String> topics,
        long entries,
        long bytes) {
    public StoreInfo {
        topics = List.copyOf(topics);
    }

    /// Whether rows can be read from it.
    public boolean readable() {
        return kind != StoreKind.INTERNAL;
    }
}
