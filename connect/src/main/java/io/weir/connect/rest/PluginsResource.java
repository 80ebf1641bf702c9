package io.weir.connect.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.connect.worker.ConnectApi;
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

/// Installed plugins and the check of configurations.
@Path("/connector-plugins")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
public class PluginsResource {
    private final ConnectRole connect;

    PluginsResource(ConnectRole connect) {
        this.connect = connect;
    }

    @GET
    public Response list(@QueryParam("connectorsOnly") @DefaultValue("true") boolean connectorsOnly) {
        ConnectApi api = connect.api();
        return Answers.of(connectorsOnly ? api.connectorPlugins() : api.allPlugins());
    }

    @GET
    @Path("{plugin}/config")
    public Response settings(
            @PathParam("plugin") String plugin, @QueryParam("version") @DefaultValue("latest") String version) {
        return Answers.of(connect.api().pluginSettings(plugin, version));
    }

    @PUT
    @Path("{plugin}/config/validate")
    public Response validate(@PathParam("plugin") String plugin, @Context HttpHeaders headers, byte @Nullable [] body) {
        return Answers.withJson(headers, body, json -> connect.api().validate(plugin, json));
    }
}
