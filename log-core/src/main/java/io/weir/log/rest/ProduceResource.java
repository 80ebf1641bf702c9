package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.admin.Topic;
import io.weir.log.fault.WeirException;
import io.weir.log.produce.NewRecord;
import io.weir.log.produce.TopicWriter;
import io.weir.log.produce.Written;
import io.weir.log.topic.TopicName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// Writes records: one JSON object, or several one after the other.
@Path("/v3/clusters/{cluster}/topics/{topic}/records")
@Singleton
@RunOnVirtualThread
public class ProduceResource {
    private static final int WRITTEN = 200;

    private final ClusterPath path;

    @Inject
    ProduceResource(ClusterPath path) {
        this.path = path;
    }

    /// The body is checked as a whole before anything is written. Of one record the answer is its place, or the
    /// problem; of several there is one line each, in the order of the body: its place with `error_code` 200, or
    /// the problem of that record alone.
    @POST
    @Consumes({MediaType.APPLICATION_JSON, "application/x-ndjson"})
    @Produces(MediaType.APPLICATION_JSON)
    public String produce(
            @Context UriInfo request,
            @PathParam("cluster") String cluster,
            @PathParam("topic") String name,
            byte[] body)
            throws JsonProcessingException {
        Parameters.of(request, Set.of());
        LogClients clients = path.require(cluster);
        TopicName topicName = TopicName.of(name);
        if (topicName.isInternal()) {
            throw WeirException.conflict(
                    "topic-internal",
                    "Topic '" + topicName + "': it belongs to Weir or Kafka and is not written by hand.");
        }
        Topic topic = clients.admin().topics().get(topicName);
        List<NewRecord> records = new ProduceBody(topicName, topic.partitions().size()).parse(body);
        TopicWriter writer = clients.writer();
        List<CompletableFuture<Written>> stages = records.stream()
                .map(writer::write)
                .map(CompletionStage::toCompletableFuture)
                .toList();
        if (stages.size() == 1) {
            return place(cluster, outcome(stages.getFirst())).toString();
        }
        StringBuilder lines = new StringBuilder();
        stages.forEach(stage -> lines.append(line(cluster, stage)).append('\n'));
        return lines.toString();
    }

    private static String line(String cluster, CompletableFuture<Written> stage) {
        try {
            return place(cluster, outcome(stage)).toString();
        } catch (WeirException e) {
            return Problem.of(e).toJson("/v3");
        }
    }

    private static Written outcome(CompletableFuture<Written> stage) {
        try {
            return stage.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof WeirException known ? known : e;
        }
    }

    private static ObjectNode place(String cluster, Written written) {
        return V3.object()
                .put("error_code", WRITTEN)
                .put("cluster_id", cluster)
                .put("topic_name", written.topic().value())
                .put("partition_id", written.partition())
                .put("offset", written.offset().value())
                .put("timestamp", written.timestamp().toString());
    }
}
