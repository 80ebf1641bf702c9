package io.weir.streams.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.streams.job.life.DeployRequest;
import io.weir.streams.job.life.JobSeen;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.JobsHere;
import io.weir.streams.job.life.RepeatedRequest;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Transitions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/jobs/{job}/versions`: further versions of a job, each from its plan to its end. Changes take
/// `If-Match: "<rev>"` and answer 202 with the operation.
@Singleton
@Path("/jobs/{job}/versions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class VersionsResource {
    private final JobsHere here;
    private final Changes changes;

    @Inject
    VersionsResource(JobsHere here, Changes changes) {
        this.here = here;
        this.changes = changes;
    }

    /// Uploads a version and plans it; nothing runs.
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response add(
            @RestPath String job, @BeanParam JobUpload upload, @HeaderParam("If-Match") @Nullable String ifMatch) {
        return add(here.jobs(), job, upload.request(), ifMatch);
    }

    /// As above with a jar that is stored already.
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response addStored(@RestPath String job, String body, @HeaderParam("If-Match") @Nullable String ifMatch) {
        Jobs jobs = here.jobs();
        return add(jobs, job, JobsResource.stored(jobs, body), ifMatch);
    }

    @GET
    @Path("/{version}")
    public ObjectNode get(@RestPath String job, @RestPath String version) {
        Jobs jobs = here.jobs();
        JobSeen seen = jobs.get(job);
        return body(jobs, seen, Numbers.version(version));
    }

    /// The source that the version's jar brings, file by file.
    @GET
    @Path("/{version}/source")
    public ObjectNode source(@RestPath String job, @RestPath String version) {
        int number = Numbers.version(version);
        ObjectNode body = JobBodies.object().put("job", job).put("version", number);
        body.set("files", JobBodies.strings(here.jobs().source(job, number)));
        return body;
    }

    /// Lets a planned version go on with the live one's state; `?wait=RUNNING` as at `POST /jobs`.
    @POST
    @Path("/{version}/deploy")
    public Response deploy(
            @RestPath String job,
            @RestPath String version,
            @RestQuery @Nullable String wait,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch) {
        Jobs jobs = here.jobs();
        WaitFor waitFor = WaitFor.of(wait, timeout);
        Job deployed = jobs.deployVersion(job, Numbers.version(version), Changes.revision(ifMatch));
        return changes.untilRunning(jobs, deployed, waitFor);
    }

    /// Reads history beside the live version; answers at once.
    @POST
    @Path("/{version}/replay")
    @Consumes(MediaType.WILDCARD)
    public Response replay(
            @RestPath String job,
            @RestPath String version,
            @Nullable String body,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        Jobs jobs = here.jobs();
        ReplayBody wanted = ReplayBody.parse(body);
        Map<String, String> request = RepeatedRequest.keyed(wanted.asGiven(), Optional.ofNullable(key));
        return Changes.begunOnce(
                jobs,
                job,
                () -> jobs.replay(job, Numbers.version(version), wanted.request(), request, Changes.revision(ifMatch)));
    }

    /// Lets a failed version run again.
    @POST
    @Path("/{version}/restart")
    public Response restart(
            @RestPath String job, @RestPath String version, @HeaderParam("If-Match") @Nullable String ifMatch) {
        Jobs jobs = here.jobs();
        int number = Numbers.version(version);
        jobs.restart(job, number, Changes.revision(ifMatch));
        return Response.accepted(body(jobs, jobs.get(job), number)).build();
    }

    /// Removes a version that is not live; `?dryRun=true` answers 200 with what would go and stay.
    @POST
    @Path("/{version}/retire")
    public Response retire(
            @RestPath String job,
            @RestPath String version,
            @RestQuery boolean dryRun,
            @RestQuery @Nullable String timeout,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        Jobs jobs = here.jobs();
        int number = Numbers.version(version);
        if (dryRun) {
            return Response.ok(JobBodies.removal(jobs.previewRetire(job, number)))
                    .build();
        }
        Duration patience = Waiting.timeout(timeout);
        return changes.once(
                jobs, job, patience, () -> jobs.retire(job, number, Changes.keyed(key), Changes.revision(ifMatch)));
    }

    private static Response add(Jobs jobs, String job, DeployRequest request, @Nullable String ifMatch) {
        OptionalLong revision = Changes.revision(ifMatch);
        Job added = jobs.addVersion(job, request, revision);
        JobVersion version = added.versions().getLast();
        return Response.created(URI.create("/jobs/" + job + "/versions/" + version.number()))
                .entity(body(jobs, jobs.get(job), version.number()))
                .tag(Long.toString(added.rev()))
                .build();
    }

    private static ObjectNode body(Jobs jobs, JobSeen seen, int number) {
        Job job = seen.job();
        JobVersion version = Transitions.require(job, number);
        return VersionBodies.full(version, seen.runs().get(number), jobs.lag(job, number), Jobs.diff(job, number))
                .put("job", job.name().value());
    }
}
