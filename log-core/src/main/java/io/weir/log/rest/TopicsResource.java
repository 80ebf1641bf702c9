package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.admin.Topic;
import io.weir.log.admin.TopicConfigEntry;
import io.weir.log.admin.Topics;
import io.weir.log.fault.WeirException;
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
import java.util.function.Predicate;
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
                .map(topic -> TopicJson.of(request, cluster, topic))
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
        ObjectNode entity = TopicJson.of(request, cluster, topic);
        return Response.created(URI.create(entity.path("metadata").path("self").textValue()))
                .entity(entity.toString())
                .build();
    }

    @GET
    @Path("/{topic}")
    public String get(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("topic") String topic) {
        Parameters.of(request, Set.of());
        return TopicJson.of(request, cluster, path.admin(cluster).topics().get(TopicName.of(topic)))
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
        return V3.list(
                        request,
                        "KafkaTopicConfigList",
                        topics(cluster) + "/" + topic + "/configs",
                        configs(request, cluster, TopicName.of(topic), entry -> true))
                .toString();
    }

    @GET
    @Path("/{topic}/configs/{name}")
    public String config(
            @Context UriInfo request,
            @PathParam("cluster") String cluster,
            @PathParam("topic") String topic,
            @PathParam("name") String name) {
        Parameters.of(request, Set.of());
        return configs(
                        request,
                        cluster,
                        TopicName.of(topic),
                        entry -> entry.name().equals(name))
                .stream()
                .findFirst()
                .orElseThrow(() -> WeirException.notFound(
                        "topic-config-not-found", "Topic '" + topic + "': no configuration '" + name + "'."))
                .toString();
    }

    /// Each partition with the offsets it spans right now.
    @GET
    @Path("/{topic}/partitions")
    public String partitions(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("topic") String topic) {
        Parameters.of(request, Set.of());
        return V3.list(
                        request,
                        "KafkaPartitionList",
                        topics(cluster) + "/" + topic + "/partitions",
                        partitions(request, cluster, TopicName.of(topic)))
                .toString();
    }

    @GET
    @Path("/{topic}/partitions/{partition}")
    public String partition(
            @Context UriInfo request,
            @PathParam("cluster") String cluster,
            @PathParam("topic") String topic,
            @PathParam("partition") String partition) {
        Parameters.of(request, Set.of());
        return partitions(request, cluster, TopicName.of(topic)).stream()
                .filter(each -> each.path("partition_id").asText().equals(partition))
                .findFirst()
                .orElseThrow(() -> WeirException.notFound(
                        "partition-not-found", "Topic '" + topic + "': no partition '" + partition + "'."))
                .toString();
    }

    private List<ObjectNode> configs(
            UriInfo request, String cluster, TopicName topic, Predicate<TopicConfigEntry> wanted) {
        String self = topics(cluster) + "/" + topic + "/configs";
        return path.admin(cluster).topics().configs(topic).stream()
                .filter(wanted)
                .map(entry -> TopicJson.of(request, cluster, topic.value(), self, entry))
                .toList();
    }

    private List<ObjectNode> partitions(UriInfo request, String cluster, TopicName name) {
        Topics topics = path.admin(cluster).topics();
        Topic topic = topics.get(name);
        Map<Integer, TopicPartition> partitions = topic.partitions().stream()
                .map(Topic.Partition::number)
                .collect(Collectors.toMap(Function.identity(), number -> new TopicPartition(name.value(), number)));
        Map<TopicPartition, OffsetRange> bounds = topics.bounds(partitions.values(), IsolationLevel.READ_UNCOMMITTED);
        return topic.partitions().stream()
                .map(partition -> TopicJson.of(
                        request,
                        cluster,
                        topic,
                        partition,
                        Objects.requireNonNull(bounds.get(partitions.get(partition.number())))))
                .toList();
    }

    private static String topics(String cluster) {
        return ClusterPath.of(cluster) + "/topics";
    }
}
