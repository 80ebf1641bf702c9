package io.weir.connect.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/// `GET /` and `GET /health`, by which Connect's clients recognise a worker.
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RootResource {
    private final ConnectRole connect;

    RootResource(ConnectRole connect) {
        this.connect = connect;
    }

    @GET
    public Response root() {
        return Answers.of(connect.api().root());
    }

    @GET
    @Path("health")
    public Response health() {
        return Answers.of(connect.api().health());
    }
}
