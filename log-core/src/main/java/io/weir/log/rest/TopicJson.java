package io.weir.log.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.admin.Topic;
import io.weir.log.admin.TopicConfigEntry;
import io.weir.log.topic.OffsetRange;
import jakarta.ws.rs.core.UriInfo;

/// Topics, their partitions and their configurations in Confluent's v3 shape.
final class TopicJson {
    private TopicJson() {}

    static ObjectNode of(UriInfo request, String cluster, Topic topic) {
        String self = ClusterPath.of(cluster) + "/topics/" + topic.name();
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

    static ObjectNode of(UriInfo request, String cluster, Topic topic, Topic.Partition partition, OffsetRange offsets) {
        String self = ClusterPath.of(cluster) + "/topics/" + topic.name() + "/partitions/" + partition.number();
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

    static ObjectNode of(UriInfo request, String cluster, String topic, String self, TopicConfigEntry entry) {
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
}
