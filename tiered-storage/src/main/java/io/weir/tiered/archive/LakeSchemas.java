package io.weir.tiered.archive;

import io.weir.tiered.shape.LakeSchema;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where the plugin, which the broker makes by reflection, finds who keeps the columns of tables in this
/// process. By cluster, because tests run several nodes in one. Nobody is there on a stock broker, and until
/// the log runs.
public final class LakeSchemas {
    private static final Map<String, LakeSchema> BY_CLUSTER = new ConcurrentHashMap<>();

    private LakeSchemas() {}

    /// Says who keeps the columns from now on; the last word counts.
    public static void offer(String clusterId, LakeSchema schema) {
        BY_CLUSTER.put(clusterId, schema);
    }

    /// Takes an offer back, unless another one has come since.
    public static void withdraw(String clusterId, LakeSchema schema) {
        BY_CLUSTER.remove(clusterId, schema);
    }

    /// Asked at each copy, never kept.
    public static Optional<LakeSchema> of(String clusterId) {
        return Optional.ofNullable(BY_CLUSTER.get(clusterId));
    }
}
