package io.weir.streams.rest;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.streams.job.life.BackfillRequest;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.JobsHere;
import io.weir.streams.job.life.RepeatedRequest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/jobs/{job}/backfill` and `/jobs/{job}/dlq/replay`: results of some of history computed anew. Both wait for their
/// end, at most `?timeout=`; `?dryRun=true` answers 200 with what would be read and written.
@Singleton
@Path("/jobs/{job}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RerunsResource {
    private final JobsHere here;
    private final Changes changes;

    @Inject
    RerunsResource(JobsHere here, Changes changes) {
        this.here = here;
        this.changes = changes;
    }

    /// See [BackfillBody].
    @POST
    @Path("/backfill")
    @Consumes(MediaType.WILDCARD)
    public Response backfill(
            @RestPath String job,
            @Nullable String body,
            @RestQuery boolean dryRun,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        BackfillBody wanted = BackfillBody.parse(body);
        BackfillRequest request = wanted.request();
        Jobs jobs = here.jobs();
        if (dryRun) {
            return Response.ok(jobs.reruns().previewBackfill(job, request)).build();
        }
        Duration patience = Waiting.timeout(timeout);
        Map<String, String> asGiven = RepeatedRequest.keyed(wanted.asGiven(), Optional.ofNullable(key));
        return changes.once(
                jobs, job, patience, () -> jobs.reruns().backfill(job, request, asGiven, Changes.revision(ifMatch)));
    }

    /// Takes no body.
    @POST
    @Path("/dlq/replay")
    @Consumes(MediaType.WILDCARD)
    public Response redrive(
            @RestPath String job,
            @Nullable String body,
            @RestQuery boolean dryRun,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        Map<String, String> asGiven =
                RepeatedRequest.keyed(BodyMembers.parse(body, List.of()).asGiven(), Optional.ofNullable(key));
        Jobs jobs = here.jobs();
        if (dryRun) {
            return Response.ok(jobs.reruns().previewRedrive(job)).build();
        }
        Duration patience = Waiting.timeout(timeout);
        return changes.once(jobs, job, patience, () -> jobs.reruns().redrive(job, asGiven, Changes.revision(ifMatch)));
    }
}
