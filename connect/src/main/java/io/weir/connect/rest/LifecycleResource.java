package io.weir.connect.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.connect.worker.ConnectApi.Restart;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
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
import org.jspecify.annotations.Nullable;

/// Pause, resume, stop, restart: requests without a body, which clients send without a content type too.
@Path("/connectors/{connector}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public class LifecycleResource {
    private final ConnectRole connect;

    LifecycleResource(ConnectRole connect) {
        this.connect = connect;
    }

    @PUT
    @Path("pause")
    public Response pause(@PathParam("connector") String connector) {
        return Answers.of(connect.api().pause(connector));
    }

    @PUT
    @Path("resume")
    public Response resume(@PathParam("connector") String connector) {
        return Answers.of(connect.api().resume(connector));
    }

    @PUT
    @Path("stop")
    public Response stop(
            @PathParam("connector") String connector,
            @Context HttpHeaders headers,
            @QueryParam("forward") @Nullable Boolean forward) {
        return Answers.of(connect.api().stop(Answers.caller(headers, forward), connector));
    }

    @POST
    @Path("restart")
    public Response restart(
            @PathParam("connector") String connector,
            @Context HttpHeaders headers,
            @QueryParam("includeTasks") @DefaultValue("false") boolean includeTasks,
            @QueryParam("onlyFailed") @DefaultValue("false") boolean onlyFailed,
            @QueryParam("forward") @Nullable Boolean forward) {
        return Answers.of(connect.api()
                .restart(Answers.caller(headers, forward), new Restart(connector, onlyFailed, includeTasks)));
    }

    @POST
    @Path("tasks/{task}/restart")
    public Response restartTask(
            @PathParam("connector") String connector,
            @PathParam("task") int task,
            @Context HttpHeaders headers,
            @QueryParam("forward") @Nullable Boolean forward) {
        return Answers.of(connect.api().restartTask(Answers.caller(headers, forward), connector, task));
    }
}
