package io.weir.tiered.wiring;

import io.smallrye.health.api.HealthGroup;
import io.smallrye.health.api.Wellness;
import io.weir.tiered.archive.ArchiveMetrics;
import io.weir.tiered.archive.FailingCopies;
import io.weir.tiered.archive.StoreWatch;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/// The archive in `/q/health` and at `/q/health/group/archive`: `ok`, `starting`, or `degraded` with the reasons.
/// Never down: a node without its store serves what is hot, and must neither be restarted nor taken out of use.
@Wellness
@HealthGroup("archive")
@Singleton
public class ArchiveHealth implements HealthCheck {
    private final RunningArchive archive;
    private final Clock clock = Clock.systemUTC();

    ArchiveHealth(RunningArchive archive) {
        this.archive = archive;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("archive").up();
        List<FailingCopies.FailingCopy> copies =
                ArchiveMetrics.PROCESS.failingCopies().all(clock.instant());
        for (FailingCopies.FailingCopy copy : copies) {
            response.withData(
                    "copy of " + copy.topic() + "-" + copy.partition(),
                    "fails since " + copy.since() + " (" + copy.tries() + " tries): " + copy.reason());
        }
        String state = "ok";
        if (archive.store() instanceof StoreWatch.Fails failing) {
            response.withData(
                    "store",
                    "does not answer since " + failing.since() + " (" + failing.tries() + " tries): "
                            + failing.reason());
            state = "degraded";
        } else if (archive.waitingFor().isPresent()) {
            response.withData("waiting for", archive.waitingFor().get());
            state = "starting";
        }
        return response.withData("state", copies.isEmpty() ? state : "degraded").build();
    }
}
