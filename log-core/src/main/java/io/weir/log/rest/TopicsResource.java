package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.admin.Topic;
import io.weir.log.admin.TopicConfigEntry;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/// Topics: list, create, look at, delete.
@Path("/v3/clusters/{cluster}/topics")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TopicsResource {
    private final ClusterPath path;

    @Inject
    TopicsResource(ClusterPath path) {
        this.path = path;
    }

    /// Topics whose name begins with `__` come with `internal=true` only.
    @GET
    public String list(@Context UriInfo request, @PathParam("cluster") String cluster) {
        Parameters parameters = Parameters.of(request, Set.of("internal", "page_size", "page_token"));
        boolean withInternal = parameters.flag("internal");
        Page<Topic> page = Page.of(
                path.admin(cluster).topics().all().stream()
                        .filter(topic -> withInternal || !topic.name().isInternal())
                        .toList(),
                topic -> topic.name().value(),
                parameters);
        List<ObjectNode> data = page.items().stream()
                .map(topic -> json(request, cluster, topic))
                .toList();
        String self = topics(cluster);
        return V3.list(request, "KafkaTopicList", self, data, page.next(self, withInternal ? "internal=true" : ""))
                .toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Context UriInfo request, @PathParam("cluster") String cluster, byte[] body)
            throws JsonProcessingException {
        Parameters.of(request, Set.of());
        Topic topic = path.admin(cluster).topics().create(TopicBody.parse(body));
        ObjectNode entity = json(request, cluster, topic);
        return Response.created(URI.create(entity.path("metadata").path("self").textValue()))
                .entity(entity.toString())
                .build();
    }

    @GET
    @Path("/{topic}")
    public String get(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("topic") String topic) {
        Parameters.of(request, Set.of());
        return json(request, cluster, path.admin(cluster).topics().get(TopicName.of(topic)))
                .toString();
    }

    @DELETE
    @Path("/{topic}")
    public void delete(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("topic") String topic) {
        Parameters.of(request, Set.of());
        path.admin(cluster).topics().delete(TopicName.of(topic));
    }

    @GET
    @Path("/{topic}/configs")
    public String configs(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("topic") String topic) {
        Parameters.of(request, Set.of());
        String self = topics(cluster) + "/" + topic + "/configs";
        List<ObjectNode> data = path.admin(cluster).topics().configs(TopicName.of(topic)).stream()
                .map(entry -> json(request, cluster, topic, self, entry))
                .toList();
        return V3.list(request, "KafkaTopicConfigList", self, data).toString();
    }

    /// Each partition with the offsets it spans right now.
    @GET
    @Path("/{topic}/partitions")
    public String partitions(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("topic") String name) {
        Parameters.of(request, Set.of());
        Topic topic = path.admin(cluster).topics().get(TopicName.of(name));
        Map<Integer, TopicPartition> partitions = topic.partitions().stream()
                .map(Topic.Partition::number)
                .collect(Collectors.toMap(Function.identity(), number -> new TopicPartition(name, number)));
        Map<TopicPartition, OffsetRange> bounds =
                path.admin(cluster).topics().bounds(partitions.values(), IsolationLevel.READ_UNCOMMITTED);
        String self = topics(cluster) + "/" + name + "/partitions";
        List<ObjectNode> data = topic.partitions().stream()
                .map(partition -> json(
                        request,
                        cluster,
                        topic,
                        partition,
                        Objects.requireNonNull(bounds.get(partitions.get(partition.number())))))
                .toList();
        return V3.list(request, "KafkaPartitionList", self, data).toString();
    }

    private static ObjectNode json(UriInfo request, String cluster, Topic topic) {
        String self = topics(cluster) + "/" + topic.name();
        ObjectNode entity = V3.entity(request, "KafkaTopic", self)
                .put("cluster_id", cluster)
                .put("topic_name", topic.name().value())
                .put("topic_id", topic.id())
                .put("is_internal", topic.name().isInternal())
                .put("replication_factor", topic.replicationFactor())
                .put("partitions_count", topic.partitions().size());
        entity.set("partitions", V3.related(request, self + "/partitions"));
        entity.set("configs", V3.related(request, self + "/configs"));
        entity.set("records", V3.related(request, self + "/records"));
        return entity;
    }

    private static ObjectNode json(
            UriInfo request, String cluster, Topic topic, Topic.Partition partition, OffsetRange offsets) {
        String self = topics(cluster) + "/" + topic.name() + "/partitions/" + partition.number();
        ObjectNode entity = V3.entity(request, "KafkaPartition", self)
                .put("cluster_id", cluster)
                .put("topic_name", topic.name().value())
                .put("partition_id", partition.number())
                .put("leader", partition.leader())
                .put("earliest_offset", offsets.from())
                .put("latest_offset", offsets.to());
        partition.replicas().forEach(entity.putArray("replicas")::add);
        partition.inSync().forEach(entity.putArray("in_sync_replicas")::add);
        return entity;
    }

    private static ObjectNode json(UriInfo request, String cluster, String topic, String self, TopicConfigEntry entry) {
        return V3.entity(request, "KafkaTopicConfig", self + "/" + entry.name())
                .put("cluster_id", cluster)
                .put("topic_name", topic)
                .put("name", entry.name())
                .put("value", entry.value())
                .put("is_default", entry.isDefault())
                .put("is_read_only", entry.readOnly())
                .put("is_sensitive", entry.sensitive())
                .put("source", entry.source());
    }

    private static String topics(String cluster) {
        return ClusterPath.of(cluster) + "/topics";
    }
}
