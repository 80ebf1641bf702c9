package io.weir.connect.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// Log levels at run time.
@Path("/admin/loggers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public class LoggersResource {
    private final ConnectRole connect;

    LoggersResource(ConnectRole connect) {
        this.connect = connect;
    }

    @GET
    public Response all() {
        return Answers.of(connect.api().loggers());
    }

    @GET
    @Path("{logger}")
    public Response get(@PathParam("logger") String logger) {
        return Answers.of(connect.api().logger(logger));
    }

    @PUT
    @Path("{logger}")
    public Response set(
            @PathParam("logger") String logger,
            @QueryParam("scope") @DefaultValue("worker") String scope,
            @Context HttpHeaders headers,
            byte @Nullable [] body) {
        return Answers.withJson(headers, body, json -> connect.api().setLogger(logger, scope, json));
    }
}
