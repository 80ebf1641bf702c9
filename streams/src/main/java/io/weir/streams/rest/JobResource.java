package io.weir.streams.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.streams.job.life.CutOverRequest;
import io.weir.streams.job.life.JobSeen;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.JobsHere;
import io.weir.streams.job.life.RepeatedRequest;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Transitions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/jobs/{job}`: one job. Changes take `If-Match: "<rev>"`; `stop` and `DELETE` wait for their end, `start`
/// when
/// asked to by `?wait=RUNNING`.
@Singleton
@Path("/jobs/{job}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class JobResource {
    private final JobsHere here;
    private final Changes changes;

    @Inject
    JobResource(JobsHere here, Changes changes) {
        this.here = here;
        this.changes = changes;
    }

    @GET
    public Response get(@RestPath String job) {
        JobSeen seen = here.jobs().get(job);
        return Response.ok(JobBodies.full(seen))
                .tag(Long.toString(seen.job().rev()))
                .build();
    }

    @GET
    @Path("/topology")
    public ObjectNode topology(@RestPath String job, @RestQuery @Nullable String version) {
        Jobs jobs = here.jobs();
        JobSeen seen = jobs.get(job);
        int number = version == null ? seen.job().live() : Numbers.version(version);
        JobVersion wanted = Transitions.require(seen.job(), number);
        return TopologyBodies.graph(
                seen, wanted, jobs.lag(seen.job(), number), jobs.states().sizes(job, number));
    }

    @GET
    @Path("/operations/{id}")
    public ObjectNode operation(@RestPath String job, @RestPath String id) {
        return JobBodies.operation(here.jobs().operation(job, id));
    }

    /// `{"paused":true}`, `{"rate":50000}`: pause and throttle of a running replay.
    @PATCH
    @Path("/operations/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode tune(@RestPath String job, @RestPath String id, @Nullable String body) {
        BodyMembers members = BodyMembers.parse(body, List.of("paused", "rate"));
        Jobs jobs = here.jobs();
        jobs.tune(job, id, members.number("rate"), members.flag("paused"));
        return JobBodies.operation(jobs.operation(job, id));
    }

    @DELETE
    @Path("/operations/{id}")
    public ObjectNode cancel(@RestPath String job, @RestPath String id) {
        Jobs jobs = here.jobs();
        jobs.cancel(job, id);
        return JobBodies.operation(jobs.operation(job, id));
    }

    @POST
    @Path("/stop")
    public Response stop(
            @RestPath String job,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        Jobs jobs = here.jobs();
        Duration patience = Waiting.timeout(timeout);
        return changes.once(jobs, job, patience, () -> jobs.stop(job, Changes.keyed(key), Changes.revision(ifMatch)));
    }

    @POST
    @Path("/start")
    public Response start(
            @RestPath String job,
            @RestQuery @Nullable String wait,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        Jobs jobs = here.jobs();
        WaitFor waitFor = WaitFor.of(wait, timeout);
        return changes.runningOnce(jobs, waitFor, () -> jobs.start(job, Changes.keyed(key), Changes.revision(ifMatch)));
    }

    /// `{"left":1,"right":2,"mode":"full","tolerance":{"total":"0"},"ignore":[],"expect":"country = 'JP'"}`;
    /// every
    /// member may be missing. Waits for the result, at most `?timeout=`.
    @POST
    @Path("/compare")
    @Consumes(MediaType.WILDCARD)
    public Response compare(
            @RestPath String job,
            @Nullable String body,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        BodyMembers members =
                BodyMembers.parse(body, List.of("left", "right", "mode", "tolerance", "ignore", "expect"));
        Jobs jobs = here.jobs();
        Duration patience = Waiting.timeout(timeout);
        Map<String, String> request = keyed(members.asGiven(), key);
        return changes.once(
                jobs,
                job,
                patience,
                () -> jobs.compare(
                        job, number(members, "left"), number(members, "right"), request, Changes.revision(ifMatch)));
    }

    /// `{"version":2,"mode":"same-topic","gate":"op-18","maxPause":"2s","keepWarm":"7d"}`; waits likewise.
    @POST
    @Path("/promote")
    @Consumes(MediaType.WILDCARD)
    public Response promote(
            @RestPath String job,
            @Nullable String body,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        BodyMembers members = BodyMembers.parse(body, List.of("version", "mode", "gate", "maxPause", "keepWarm"));
        Integer version = number(members, "version");
        if (version == null) {
            throw BodyMembers.refusal("Member 'version': is missing, the number of the version to be promoted.");
        }
        Jobs jobs = here.jobs();
        Duration patience = Waiting.timeout(timeout);
        Map<String, String> request = keyed(cutOver(members), key);
        return changes.once(jobs, job, patience, () -> jobs.promote(job, version, request, Changes.revision(ifMatch)));
    }

    /// `{"reason":"numbers disputed"}`; waits likewise.
    @POST
    @Path("/rollback")
    @Consumes(MediaType.WILDCARD)
    public Response rollback(
            @RestPath String job,
            @Nullable String body,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        BodyMembers members = BodyMembers.parse(body, List.of("reason", "mode", "maxPause", "keepWarm"));
        Jobs jobs = here.jobs();
        Duration patience = Waiting.timeout(timeout);
        Map<String, String> request = keyed(cutOver(members), key);
        return changes.once(jobs, job, patience, () -> jobs.rollback(job, request, Changes.revision(ifMatch)));
    }

    private static Map<String, String> keyed(Map<String, String> request, @Nullable String key) {
        return RepeatedRequest.keyed(request, Optional.ofNullable(key));
    }

    private static Map<String, String> cutOver(BodyMembers members) {
        return CutOverRequest.stored(members.asGiven(), members.duration("maxPause"), members.duration("keepWarm"));
    }

    private static @Nullable Integer number(BodyMembers members, String name) {
        OptionalLong given = members.number(name);
        return given.isEmpty() ? null : Numbers.version(String.valueOf(given.getAsLong()));
    }

    /// `?dryRun=true` answers 200 with what would be removed and kept.
    @DELETE
    public Response delete(
            @RestPath String job,
            @RestQuery boolean dryRun,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch) {
        Jobs jobs = here.jobs();
        if (dryRun) {
            return Response.ok(JobBodies.removal(jobs.previewDelete(job))).build();
        }
        Duration patience = Waiting.timeout(timeout);
        Job deleting = jobs.delete(job, Changes.revision(ifMatch));
        return changes.untilDone(jobs, deleting, patience);
    }
}
