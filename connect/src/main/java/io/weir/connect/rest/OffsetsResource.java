package io.weir.connect.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// Where a connector stands; altered or reset only while it is STOPPED.
@Path("/connectors/{connector}/offsets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public class OffsetsResource {
    private final ConnectRole connect;

    OffsetsResource(ConnectRole connect) {
        this.connect = connect;
    }

    @GET
    public Response offsets(@PathParam("connector") String connector) {
        return Answers.of(connect.api().offsets(connector));
    }

    @PATCH
    public Response alter(
            @PathParam("connector") String connector,
            @Context HttpHeaders headers,
            @QueryParam("forward") @Nullable Boolean forward,
            byte @Nullable [] body) {
        return Answers.withJson(
                headers, body, json -> connect.api().alterOffsets(Answers.caller(headers, forward), connector, json));
    }

    @DELETE
    public Response reset(
            @PathParam("connector") String connector,
            @Context HttpHeaders headers,
            @QueryParam("forward") @Nullable Boolean forward) {
        return Answers.of(connect.api().resetOffsets(Answers.caller(headers, forward), connector));
    }
}
