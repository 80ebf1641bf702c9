package io.weir.log.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.admin.Group;
import io.weir.log.admin.Groups;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Consumer groups, their members, and how far they are behind.
@Path("/v3/clusters/{cluster}/consumer-groups")
@Singleton
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class GroupsResource {
    private final ClusterPath path;

    @Inject
    GroupsResource(ClusterPath path) {
        this.path = path;
    }

    @GET
    public String list(@Context UriInfo request, @PathParam("cluster") String cluster) {
        Parameters.of(request, Set.of());
        List<ObjectNode> groups = path.admin(cluster).groups().all().stream()
                .map(group -> json(request, cluster, group))
                .toList();
        return V3.list(request, "KafkaConsumerGroupList", root(cluster), groups).toString();
    }

    @GET
    @Path("/{group}")
    public String get(@Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("group") String id) {
        Parameters.of(request, Set.of());
        Group.Details details = path.admin(cluster).groups().get(id);
        ObjectNode entity = json(request, cluster, details.group()).put("partition_assignor", details.assignor());
        details.coordinator()
                .ifPresent(broker ->
                        entity.set("coordinator", V3.related(request, ClusterPath.of(cluster) + "/brokers/" + broker)));
        entity.put("members_count", details.members().size());
        entity.putArray("consumers").addAll(members(request, cluster, details));
        return entity.toString();
    }

    @GET
    @Path("/{group}/consumers")
    public String consumers(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("group") String id) {
        Parameters.of(request, Set.of());
        Group.Details details = path.admin(cluster).groups().get(id);
        return V3.list(
                        request,
                        "KafkaConsumerList",
                        root(cluster) + "/" + id + "/consumers",
                        members(request, cluster, details))
                .toString();
    }

    /// One entry for each partition in which the group has committed an offset.
    @GET
    @Path("/{group}/lags")
    public String lags(@Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("group") String id) {
        Parameters.of(request, Set.of());
        String self = root(cluster) + "/" + id + "/lags";
        List<ObjectNode> lags = positions(cluster, id).stream()
                .map(position -> lag(request, cluster, id, self, position))
                .toList();
        return V3.list(request, "KafkaConsumerLagList", self, lags).toString();
    }

    @GET
    @Path("/{group}/lag-summary")
    public String lagSummary(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("group") String id) {
        Parameters.of(request, Set.of());
        List<Group.Position> positions = positions(cluster, id);
        ObjectNode summary = V3.entity(
                        request, "KafkaConsumerGroupLagSummary", root(cluster) + "/" + id + "/lag-summary")
                .put("cluster_id", cluster)
                .put("consumer_group_id", id)
                .put(
                        "total_lag",
                        positions.stream().mapToLong(Group.Position::lag).sum());
        Optional<Group.Position> worst = positions.stream().max(Comparator.comparingLong(Group.Position::lag));
        summary.put("max_lag", worst.map(Group.Position::lag).orElse(0L));
        summary.put("max_lag_topic_name", worst.map(p -> p.partition().topic()).orElse(null));
        summary.put(
                "max_lag_partition_id",
                worst.map(p -> p.partition().partition()).orElse(null));
        summary.put(
                "max_lag_client_id",
                worst.flatMap(Group.Position::member)
                        .map(Group.Member::clientId)
                        .orElse(null));
        return summary.toString();
    }

    /// What the group has committed, without ends and lags.
    @GET
    @Path("/{group}/offsets")
    public String offsets(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("group") String id) {
        Parameters.of(request, Set.of());
        String self = root(cluster) + "/" + id + "/offsets";
        List<ObjectNode> offsets = positions(cluster, id).stream()
                .map(position -> V3.entity(request, "WeirConsumerGroupOffset", self)
                        .put("cluster_id", cluster)
                        .put("consumer_group_id", id)
                        .put("topic_name", position.partition().topic())
                        .put("partition_id", position.partition().partition())
                        .put("current_offset", position.committed()))
                .toList();
        return V3.list(request, "WeirConsumerGroupOffsetList", self, offsets).toString();
    }

    private List<Group.Position> positions(String cluster, String id) {
        Groups groups = path.admin(cluster).groups();
        return groups.positions(groups.get(id));
    }

    private static ObjectNode json(UriInfo request, String cluster, Group group) {
        String self = root(cluster) + "/" + group.id();
        ObjectNode entity = V3.entity(request, "KafkaConsumerGroup", self)
                .put("cluster_id", cluster)
                .put("consumer_group_id", group.id())
                .put("is_simple", group.protocol().isEmpty())
                .put("type", group.type())
                .put("protocol", group.protocol())
                .put("state", group.state());
        entity.set("lag_summary", V3.related(request, self + "/lag-summary"));
        entity.set("lags", V3.related(request, self + "/lags"));
        return entity;
    }

    private static List<ObjectNode> members(UriInfo request, String cluster, Group.Details details) {
        String self = root(cluster) + "/" + details.group().id() + "/consumers";
        return details.members().stream()
                .map(member -> member(request, cluster, details.group().id(), self, member))
                .toList();
    }

    private static ObjectNode member(UriInfo request, String cluster, String group, String self, Group.Member member) {
        ObjectNode entity = V3.entity(request, "KafkaConsumer", self)
                .put("cluster_id", cluster)
                .put("consumer_group_id", group)
                .put("consumer_id", member.id())
                .put("instance_id", member.instance().orElse(null))
                .put("client_id", member.clientId())
                .put("host", member.host());
        member.assigned()
                .forEach(partition -> entity.withArray("assignments")
                        .addObject()
                        .put("topic_name", partition.topic())
                        .put("partition_id", partition.partition()));
        return entity;
    }

    private static ObjectNode lag(UriInfo request, String cluster, String group, String self, Group.Position position) {
        Optional<Group.Member> member = position.member();
        return V3.entity(request, "KafkaConsumerLag", self)
                .put("cluster_id", cluster)
                .put("consumer_group_id", group)
                .put("topic_name", position.partition().topic())
                .put("partition_id", position.partition().partition())
                .put("current_offset", position.committed())
                .put("log_end_offset", position.end())
                .put("lag", position.lag())
                .put("consumer_id", member.map(Group.Member::id).orElse(null))
                .put("instance_id", member.flatMap(Group.Member::instance).orElse(null))
                .put("client_id", member.map(Group.Member::clientId).orElse(null));
    }

    private static String root(String cluster) {
        return ClusterPath.of(cluster) + "/consumer-groups";
    }
}
