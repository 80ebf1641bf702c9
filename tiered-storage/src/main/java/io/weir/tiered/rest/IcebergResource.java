package io.weir.tiered.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.tiered.table.IcebergRest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/iceberg/v1`: the archive's tables for every engine that speaks Iceberg's REST catalog. Reads only.
@Singleton
@Path("/iceberg/v1")
@RunOnVirtualThread
public class IcebergResource {
    private static final String NAMESPACES = "namespaces";
    private static final String NAMESPACE = "namespaces/{namespace}";
    private static final String TABLES = "namespaces/{namespace}/tables";
    private static final String TABLE = "namespaces/{namespace}/tables/{table}";

    private final ArchiveHere here;

    @Inject
    IcebergResource(ArchiveHere here) {
        this.here = here;
    }

    private IcebergRest catalog() {
        return new IcebergRest(here.parts().lake());
    }

    private static Response response(IcebergRest.Answer answer) {
        Response.ResponseBuilder builder = Response.status(answer.status());
        return answer.body().length == 0
                ? builder.build()
                : builder.type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(answer.body())
                        .build();
    }

    @GET
    @Path("config")
    public Response config() {
        return response(catalog().config());
    }

    @GET
    @Path(NAMESPACES)
    public Response namespaces(
            @RestQuery @Nullable String parent,
            @RestQuery @Nullable String pageToken,
            @RestQuery @Nullable String pageSize) {
        return response(catalog().namespaces(parent, pageToken, pageSize));
    }

    @GET
    @Path(NAMESPACE)
    public Response namespace(@RestPath String namespace) {
        return response(catalog().namespaceOf(namespace));
    }

    @HEAD
    @Path(NAMESPACE)
    public Response namespaceExists(@RestPath String namespace) {
        return withoutBody(catalog().namespaceExists(namespace));
    }

    @GET
    @Path(TABLES)
    public Response tables(
            @RestPath String namespace, @RestQuery @Nullable String pageToken, @RestQuery @Nullable String pageSize) {
        return response(catalog().tables(namespace, pageToken, pageSize));
    }

    @GET
    @Path(TABLE)
    public Response table(@RestPath String namespace, @RestPath String table, @RestQuery @Nullable String snapshots) {
        return response(catalog().table(namespace, table, snapshots));
    }

    @HEAD
    @Path(TABLE)
    public Response tableExists(@RestPath String namespace, @RestPath String table) {
        return withoutBody(catalog().tableExists(namespace, table));
    }

    private static Response withoutBody(IcebergRest.Answer answer) {
        return Response.status(answer.status()).build();
    }

    @POST
    @Path(NAMESPACES)
    public Response noNamespaces(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    @DELETE
    @Path(NAMESPACE)
    public Response noNamespace(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    @POST
    @Path(TABLES)
    public Response noTables(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    @POST
    @Path(TABLE)
    public Response noCommit(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    @DELETE
    @Path(TABLE)
    public Response noDrop(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    @POST
    @Path("{rest:.+}")
    public Response noOtherPost(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    @PUT
    @Path("{rest:.+}")
    public Response noOtherPut(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    @DELETE
    @Path("{rest:.+}")
    public Response noOtherDelete(@Context Request request, @Context UriInfo uri) {
        return refused(request, uri);
    }

    private Response refused(Request request, UriInfo uri) {
        return response(catalog().readOnly(request.getMethod(), uri.getPath()));
    }
}
