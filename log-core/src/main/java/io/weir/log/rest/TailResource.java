package io.weir.log.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.weir.log.read.OffsetVector;
import io.weir.log.read.Tail;
import io.weir.log.read.Tails;
import io.weir.log.topic.TopicName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import org.jspecify.annotations.Nullable;

/// Follows a topic as server-sent events. Each event's id is the vector of next offsets, so that a client that
/// sends it back as `Last-Event-ID` goes on exactly there, on any node.
@Path("/v3/clusters/{cluster}/topics/{topic}/records")
@Singleton
@RunOnVirtualThread
public class TailResource {
    private final ClusterPath path;
    private final OpenTails openTails;

    @Inject
    TailResource(ClusterPath path, OpenTails openTails) {
        this.path = path;
        this.openTails = openTails;
    }

    /// The lower quality makes a client that accepts anything get a range read.
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.1")
    public void tail(
            @Context UriInfo request,
            @Context HttpServerRequest connection,
            @Context SseEventSink sink,
            @Context Sse sse,
            @PathParam("cluster") String cluster,
            @PathParam("topic") String topic,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId) {
        ReadParameters parameters = ReadParameters.ofTail(request, TopicName.of(topic));
        Tails tails = path.require(cluster).tails();
        openTails.admit(() -> {
            Tail tail = lastEventId == null || lastEventId.isBlank()
                    ? tails.open(parameters.query())
                    : tails.resume(parameters.query(), OffsetVector.parse(lastEventId, "Header 'Last-Event-ID'"));
            return new TailStream(
                    tail,
                    parameters.decoding(),
                    new EventStream(sink, sse, () -> connection.connection().close()),
                    openTails.settings());
        });
    }
}
