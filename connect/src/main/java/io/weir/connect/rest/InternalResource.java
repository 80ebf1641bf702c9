package io.weir.connect.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.connect.worker.Caller;
import io.weir.connect.worker.ConnectApi.Signed;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/// What workers of one group ask of each other (KIP-507). Open to everybody, as the signature is the credential:
/// only members of the group can read its key.
@Path("/connectors/{connector}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@PermitAll
@RunOnVirtualThread
public class InternalResource {
    private static final String SIGNATURE = "X-Connect-Authorization";
    private static final String ALGORITHM = "X-Connect-Request-Signature-Algorithm";

    private final ConnectRole connect;

    InternalResource(ConnectRole connect) {
        this.connect = connect;
    }

    @POST
    @Path("tasks")
    public Response putTaskConfigs(
            @PathParam("connector") String connector,
            @HeaderParam(SIGNATURE) @Nullable String signature,
            @HeaderParam(ALGORITHM) @Nullable String algorithm,
            @QueryParam("forward") @Nullable Boolean forward,
            byte @Nullable [] body) {
        return Answers.of(
                connect.api().putTaskConfigs(new Caller(null, forward), connector, signed(signature, algorithm, body)));
    }

    @PUT
    @Path("fence")
    public Response fence(
            @PathParam("connector") String connector,
            @HeaderParam(SIGNATURE) @Nullable String signature,
            @HeaderParam(ALGORITHM) @Nullable String algorithm,
            @QueryParam("forward") @Nullable Boolean forward,
            byte @Nullable [] body) {
        return Answers.of(
                connect.api().fence(new Caller(null, forward), connector, signed(signature, algorithm, body)));
    }

    private static Signed signed(@Nullable String signature, @Nullable String algorithm, byte @Nullable [] body) {
        return new Signed(signature, algorithm, body == null ? new byte[0] : body);
    }
}
