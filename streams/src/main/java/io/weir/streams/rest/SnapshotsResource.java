package io.weir.streams.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.JobsHere;
import io.weir.streams.job.life.RepeatedRequest;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Transitions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/jobs/{job}/snapshots`: results as of a place in the sources, in topics of their own.
@Singleton
@Path("/jobs/{job}/snapshots")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SnapshotsResource {
    private final JobsHere here;
    private final Changes changes;

    @Inject
    SnapshotsResource(JobsHere here, Changes changes) {
        this.here = here;
        this.changes = changes;
    }

    @GET
    public ObjectNode list(@RestPath String job) {
        return SnapshotBodies.list(here.jobs().get(job).job());
    }

    @GET
    @Path("/{number}")
    public ObjectNode one(@RestPath String job, @RestPath String number) {
        Job found = here.jobs().get(job).job();
        return SnapshotBodies.one(Transitions.requireSnapshot(found, Numbers.version(number)));
    }

    /// See [SnapshotBody]. Waits for the result, at most `?timeout=`.
    @POST
    @Consumes(MediaType.WILDCARD)
    public Response make(
            @RestPath String job,
            @Nullable String body,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        SnapshotBody wanted = SnapshotBody.parse(body);
        Jobs jobs = here.jobs();
        Duration patience = Waiting.timeout(timeout);
        Map<String, String> request = RepeatedRequest.keyed(wanted.asGiven(), Optional.ofNullable(key));
        return changes.once(
                jobs,
                job,
                patience,
                () -> jobs.reruns()
                        .snapshot(job, wanted.version(), wanted.request(), request, Changes.revision(ifMatch)));
    }

    /// Removes the results, too.
    @DELETE
    @Path("/{number}")
    public ObjectNode remove(
            @RestPath String job, @RestPath String number, @HeaderParam("If-Match") @Nullable String ifMatch) {
        return SnapshotBodies.list(
                here.jobs().reruns().remove(job, Numbers.version(number), Changes.revision(ifMatch)));
    }
}
