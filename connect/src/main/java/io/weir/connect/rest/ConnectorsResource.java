package io.weir.connect.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Connectors: list, create, configurations, states, topics.
@Path("/connectors")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public class ConnectorsResource {
    private final ConnectRole connect;

    ConnectorsResource(ConnectRole connect) {
        this.connect = connect;
    }

    @GET
    public Response list(@QueryParam("expand") List<String> expand) {
        return Answers.of(connect.api().connectors(expand));
    }

    @POST
    public Response create(
            @Context HttpHeaders headers, @QueryParam("forward") @Nullable Boolean forward, byte @Nullable [] body) {
        return Answers.withJson(headers, body, json -> connect.api().create(Answers.caller(headers, forward), json));
    }

    @GET
    @Path("{connector}")
    public Response get(@PathParam("connector") String connector) {
        return Answers.of(connect.api().connector(connector));
    }

    @DELETE
    @Path("{connector}")
    public Response delete(
            @PathParam("connector") String connector,
            @Context HttpHeaders headers,
            @QueryParam("forward") @Nullable Boolean forward) {
        return Answers.of(connect.api().delete(Answers.caller(headers, forward), connector));
    }

    @GET
    @Path("{connector}/config")
    public Response config(@PathParam("connector") String connector) {
        return Answers.of(connect.api().config(connector));
    }

    @PUT
    @Path("{connector}/config")
    public Response putConfig(
            @PathParam("connector") String connector,
            @Context HttpHeaders headers,
            @QueryParam("forward") @Nullable Boolean forward,
            byte @Nullable [] body) {
        return Answers.withJson(
                headers, body, json -> connect.api().putConfig(Answers.caller(headers, forward), connector, json));
    }

    @PATCH
    @Path("{connector}/config")
    public Response patchConfig(
            @PathParam("connector") String connector,
            @Context HttpHeaders headers,
            @QueryParam("forward") @Nullable Boolean forward,
            byte @Nullable [] body) {
        return Answers.withJson(
                headers, body, json -> connect.api().patchConfig(Answers.caller(headers, forward), connector, json));
    }

    @GET
    @Path("{connector}/status")
    public Response status(@PathParam("connector") String connector) {
        return Answers.of(connect.api().status(connector));
    }

    @GET
    @Path("{connector}/tasks")
    public Response tasks(@PathParam("connector") String connector) {
        return Answers.of(connect.api().tasks(connector));
    }

    @GET
    @Path("{connector}/tasks/{task}/status")
    public Response taskStatus(@PathParam("connector") String connector, @PathParam("task") int task) {
        return Answers.of(connect.api().taskStatus(connector, task));
    }

    @GET
    @Path("{connector}/topics")
    public Response topics(@PathParam("connector") String connector) {
        return Answers.of(connect.api().topics(connector));
    }

    @PUT
    @Path("{connector}/topics/reset")
    public Response resetTopics(@PathParam("connector") String connector) {
        return Answers.of(connect.api().resetTopics(connector));
    }
}
