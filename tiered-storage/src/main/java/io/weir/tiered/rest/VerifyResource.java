package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.archive.Verification;
import io.weir.tiered.archive.VerifyLevel;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// `/archive/verify`: holds what is archived against itself and against the log.
@Singleton
@Path("/archive/verify")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class VerifyResource {
    private final ArchiveHere here;
    private final ArchiveCare care;

    @Inject
    VerifyResource(ArchiveHere here, ArchiveCare care) {
        this.here = here;
        this.care = care;
    }

    /// Starts one: `{"topic":"orders","level":"rows"}`, both optional (every topic; `meta`). Answers 202 at once;
    /// ask `GET` how far it is.
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(@Nullable JsonNode body) {
        Optional<String> topic = text(body, "topic");
        VerifyLevel level = level(text(body, "level").orElse("meta"));
        Verification begun = ArchiveFaults.translated(
                () -> here.parts().archiving().names(),
                () -> care.verifications().start(topic, level));
        return Response.accepted(CareBodies.verification(begun)).build();
    }

    /// One of the last ones: its progress, then its verdict.
    @GET
    @Path("/{id}")
    public ObjectNode get(@RestPath String id) {
        Verification found = care.verifications()
                .find(id)
                .orElseThrow(() -> new WeirException(
                        "verification-not-found",
                        Whose.USER,
                        404,
                        "Verification '" + id + "': this node has none of that id; it remembers the last ones."
                                + " Start another with POST /archive/verify.",
                        null));
        return CareBodies.verification(found);
    }

    private static Optional<String> text(@Nullable JsonNode body, String name) {
        return body == null || !body.hasNonNull(name)
                ? Optional.empty()
                : Optional.of(body.path(name).asText());
    }

    private static VerifyLevel level(String name) {
        for (VerifyLevel level : VerifyLevel.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(name)) {
                return level;
            }
        }
        throw new WeirException(
                "verify-level-unknown", Whose.USER, "Level '" + name + "': must be one of meta, rows, deep.");
    }
}
