package io.weir.log.rest;

import io.weir.log.admin.LogAdmin;
import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/// The `{cluster}` part of a path: there is one cluster here, and its id must be the one that is asked for.
@Singleton
class ClusterPath {
    private final LogClients clients;

    @Inject
    ClusterPath(LogClients clients) {
        this.clients = clients;
    }

    /// @return what the log of this cluster is asked with
    /// @throws WeirException `cluster-not-found`
    LogClients require(String cluster) {
        String known = clients.connection().clusterId();
        if (!known.equals(cluster)) {
            throw WeirException.notFound(
                    "cluster-not-found",
                    "Cluster '" + cluster + "': this node belongs to '" + known + "'."
                            + NearestName.hint(List.of(known), cluster));
        }
        return clients;
    }

    LogAdmin admin(String cluster) {
        return require(cluster).admin();
    }

    /// The path of a cluster without a leading slash.
    static String of(String cluster) {
        return "v3/clusters/" + cluster;
    }
}
