package io.weir.streams.wiring;

import io.smallrye.health.api.HealthGroup;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.life.JobSeen;
import io.weir.streams.job.life.JobsHere;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/// The health group `jobs`: down when a job has failed. Part neither of live nor of ready, because a failed job
/// must not take the node with it.
@Singleton
@HealthGroup("jobs")
public class JobsHealth implements HealthCheck {
    private final JobsHere here;

    @Inject
    JobsHealth(JobsHere here) {
        this.here = here;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("jobs");
        try {
            boolean up = true;
            for (JobSeen job : here.jobsNow().known()) {
                response.withData(job.job().name().value(), job.label());
                up &= !job.label().equals("FAILED");
            }
            return response.status(up).build();
        } catch (WeirException e) {
            return response.withData("state", String.valueOf(e.getMessage()))
                    .status(e.code().equals("jobs-not-here"))
                    .build();
        }
    }
}
