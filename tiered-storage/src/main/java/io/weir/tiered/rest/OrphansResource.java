package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/// `/archive/orphans`: objects that nothing points to, as the janitor saw them last.
@Singleton
@Path("/archive/orphans")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class OrphansResource {
    private final ArchiveCare care;

    @Inject
    OrphansResource(ArchiveCare care) {
        this.care = care;
    }

    /// The report of this node's last pass; an empty object before the first.
    @GET
    public ObjectNode last() {
        return care.janitor().report().map(CareBodies::report).orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /// A pass now. It deletes what an ordinary pass would: nothing that was not seen long before.
    @POST
    public ObjectNode pass() {
        return CareBodies.report(care.janitor().pass());
    }
}
