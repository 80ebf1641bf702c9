package io.weir.streams.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.life.DeployRequest;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.JobsHere;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/jobs`: all jobs, new ones, and plans of jobs that are not there yet.
@Singleton
@Path("/jobs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class JobsResource {
    private final JobsHere here;
    private final Changes changes;

    @Inject
    JobsResource(JobsHere here, Changes changes) {
        this.here = here;
        this.changes = changes;
    }

    @GET
    public ObjectNode list() {
        Jobs jobs = here.jobs();
        return JobBodies.list(jobs.all(), jobs.unreadable());
    }

    /// Upload, plan, version 1 and deploy in one call. `?wait=RUNNING` answers when the job runs; then a job
    /// that
    /// fails at once is a problem. `?dryRun=true` only plans.
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response deploy(
            @BeanParam JobUpload upload,
            @RestQuery @Nullable String wait,
            @RestQuery @Nullable String timeout,
            @RestQuery boolean dryRun,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        return deploy(here.jobs(), upload.request(), WaitFor.of(wait, timeout), dryRun, key);
    }

    /// As above with a jar that is stored already:
    /// `{"job":..,"artifact":"<sha256>","class":..,"config":{..}}`.
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response deployStored(
            String body,
            @RestQuery @Nullable String wait,
            @RestQuery @Nullable String timeout,
            @RestQuery boolean dryRun,
            @HeaderParam("Idempotency-Key") @Nullable String key) {
        Jobs jobs = here.jobs();
        return deploy(jobs, stored(jobs, body), WaitFor.of(wait, timeout), dryRun, key);
    }

    /// The plan of a jar; stores nothing.
    @POST
    @Path("/plan")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public ObjectNode plan(@BeanParam JobUpload upload) {
        return JobBodies.planned(here.jobs().plan(upload.request()));
    }

    /// The plan of a jar that is stored already.
    @POST
    @Path("/plan")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode planStored(String body) {
        Jobs jobs = here.jobs();
        return JobBodies.planned(jobs.plan(stored(jobs, body)));
    }

    private Response deploy(Jobs jobs, DeployRequest request, WaitFor waitFor, boolean dryRun, @Nullable String key) {
        if (dryRun) {
            return Response.ok(JobBodies.planned(jobs.plan(request))).build();
        }
        return changes.runningOnce(jobs, waitFor, () -> jobs.deploy(request, Changes.keyed(key)));
    }

    static DeployRequest stored(Jobs jobs, String body) {
        JobSpec spec = JobSpec.parse("Body", body);
        String artifact = spec.artifact();
        if (artifact == null) {
            throw new WeirException(
                    "part-missing",
                    Whose.USER,
                    "Body: member 'artifact' is missing, the SHA-256 of a stored jar. To upload a jar send"
                            + " multipart/form-data: curl -F jar=@job.jar -F class=shop.Revenue ...");
        }
        return new DeployRequest(spec.job(), spec.className(), spec.config(), artifact, jobs.storedJar(artifact));
    }
}
