package io.weir.log.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.read.OffsetVector;
import io.weir.log.read.RecordPage;
import io.weir.log.topic.TopicName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Locale;

/// Reads a bounded range of a topic, without anything kept on the node.
@Path("/v3/clusters/{cluster}/topics/{topic}/records")
@Singleton
@RunOnVirtualThread
public class ReadResource {
    private final ClusterPath path;

    @Inject
    ReadResource(ClusterPath path) {
        this.path = path;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String read(
            @Context UriInfo request, @PathParam("cluster") String cluster, @PathParam("topic") String topic) {
        ReadParameters parameters = ReadParameters.ofRange(request, TopicName.of(topic));
        RecordPage page = path.require(cluster).ranges().read(parameters.query());
        ObjectNode answer = V3.object();
        ArrayNode records = answer.putArray("records");
        page.records().forEach(record -> records.add(RecordJson.of(record, parameters.decoding())));
        answer.set("next", json(page.next()));
        answer.set("end", json(page.end()));
        return answer.put("stopped_by", page.stoppedBy().name().toLowerCase(Locale.ROOT))
                .toString();
    }

    private static ObjectNode json(OffsetVector vector) {
        ObjectNode json = V3.object();
        vector.next().forEach((partition, offset) -> json.put(String.valueOf(partition), offset));
        return json;
    }
}
