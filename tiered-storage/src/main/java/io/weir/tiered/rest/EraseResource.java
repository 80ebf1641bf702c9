package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.archive.EraseRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// `/archive/{topic}/erase` and `/archive/erase`: takes records out of log and table, and tells how far it
/// is.
@Singleton
@Path("/archive")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class EraseResource {
    private final ArchiveHere here;
    private final EraseHere erase;

    @Inject
    EraseResource(ArchiveHere here, EraseHere erase) {
        this.here = here;
        this.erase = erase;
    }

    /// Starts one: `{"where":"SQL"}` or `{"key":"K"}`. Answers 202 at once; ask `GET /archive/erase/{id}` how
    /// far it
    /// is.
    @POST
    @Path("/{topic}/erase")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(@RestPath String topic, @Nullable JsonNode body) {
        EraseHere.Condition condition = condition(body);
        EraseRequest begun =
                ArchiveFaults.translated(() -> here.parts().archiving().names(), () -> erase.start(topic, condition));
        return Response.accepted(body(begun)).build();
    }

    /// One request, its receipt when it is done.
    @GET
    @Path("/erase/{id}")
    public ObjectNode get(@RestPath String id) {
        return id(id).flatMap(erase::find)
                .map(EraseResource::body)
                .orElseThrow(() -> new WeirException(
                        "erase-not-found",
                        Whose.USER,
                        404,
                        "Erase '" + id + "': this node knows none of that id. GET /archive/erase shows all it knows.",
                        null));
    }

    /// All of them, the newest first.
    @GET
    @Path("/erase")
    public ObjectNode list() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = body.putArray("requests");
        erase.all().forEach(request -> requests.add(body(request)));
        return body;
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static EraseHere.Condition condition(@Nullable JsonNode body) {
        String where = text(body, "where");
        String key = text(body, "key");
        if (where.isBlank() == key.isEmpty() && (where.isBlank() || !key.isEmpty())) {
            throw new WeirException(
                    "erase-condition",
                    Whose.USER,
                    "Erase: the body must have one of 'where' (a condition of SQL) and 'key' (a record's key), and not"
                            + " both.");
        }
        return where.isBlank() ? new EraseHere.Condition.Key(key) : new EraseHere.Condition.Where(where);
    }

    private static String text(@Nullable JsonNode body, String name) {
        return body == null ? "" : body.path(name).asText("");
    }

    private static ObjectNode body(EraseRequest request) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("id", request.id().toString())
                .put("topic", request.topic())
                .put("topicId", request.topicId().toString())
                .put("condition", request.condition())
                .put("conditionSha256", request.conditionSha256())
                .put("state", request.state().name())
                .put("asked", request.asked().toString())
                .put("changed", request.changed().toString())
                .put("offsets", request.offsets())
                .put("records", request.records())
                .put("segments", request.segments())
                .put("files", request.files())
                .put("unreadableBatches", request.unreadableBatches());
        request.problem().ifPresent(problem -> body.put("problem", problem));
        return body;
    }
}
