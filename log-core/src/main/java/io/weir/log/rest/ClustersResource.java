package io.weir.log.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.admin.Cluster;
import io.weir.log.fault.WeirException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;

/// The cluster and its brokers.
@Path("/v3/clusters")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ClustersResource {
    private final LogClients clients;
    private final ClusterPath path;

    @Inject
    ClustersResource(LogClients clients, ClusterPath path) {
        this.clients = clients;
        this.path = path;
    }

    @GET
    public String list(@Context UriInfo request) {
        Parameters.of(request, Set.of());
        ObjectNode cluster = json(request, clients.admin().cluster());
        return V3.list(request, "KafkaClusterList", "v3/clusters", List.of(cluster))
                .toString();
    }

    @GET
    @Path("/{cluster}")
    public String get(@Context UriInfo request, @PathParam("cluster") String cluster) {
        Parameters.of(request, Set.of());
        return json(request, path.admin(cluster).cluster()).toString();
    }

    @GET
    @Path("/{cluster}/brokers")
    public String brokers(@Context UriInfo request, @PathParam("cluster") String cluster) {
        Parameters.of(request, Set.of());
        List<ObjectNode> brokers = path.admin(cluster).cluster().brokers().stream()
                .map(broker -> json(request, cluster, broker))
                .toList();
        return V3.list(request, "KafkaBrokerList", ClusterPath.of(cluster) + "/brokers", brokers)
                .toString();
    }

    @GET
    @Path("/{cluster}/brokers/{broker}")
    public String broker(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("broker") String broker) {
        Parameters.of(request, Set.of());
        return path.admin(cluster).cluster().brokers().stream()
                .filter(each -> String.valueOf(each.id()).equals(broker))
                .map(each -> json(request, cluster, each).toString())
                .findFirst()
                .orElseThrow(() -> WeirException.notFound(
                        "broker-not-found", "Broker '" + broker + "': the cluster has no such broker."));
    }

    private static ObjectNode json(UriInfo request, Cluster cluster) {
        String self = ClusterPath.of(cluster.id());
        ObjectNode entity = V3.entity(request, "KafkaCluster", self).put("cluster_id", cluster.id());
        cluster.controller().ifPresent(id -> entity.set("controller", V3.related(request, self + "/brokers/" + id)));
        entity.set("brokers", V3.related(request, self + "/brokers"));
        entity.set("topics", V3.related(request, self + "/topics"));
        entity.set("consumer_groups", V3.related(request, self + "/consumer-groups"));
        return entity;
    }

    private static ObjectNode json(UriInfo request, String cluster, Cluster.Broker broker) {
        return V3.entity(request, "KafkaBroker", ClusterPath.of(cluster) + "/brokers/" + broker.id())
                .put("cluster_id", cluster)
                .put("broker_id", broker.id())
                .put("host", broker.host())
                .put("port", broker.port())
                .put("rack", broker.rack().orElse(null));
    }
}
