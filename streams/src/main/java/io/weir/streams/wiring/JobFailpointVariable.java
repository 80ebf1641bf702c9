package io.weir.streams.wiring;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.StartupEvent;
import io.weir.log.fault.NearestName;
import io.weir.streams.job.failpoint.JobFailpoint;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `WEIR_FAILPOINT=job-<name>`, for tests that want a node to halt at a given step of a job's operation.
/// Other names
/// are those of the archive.
@Singleton
public class JobFailpointVariable {
    private static final Logger LOG = LoggerFactory.getLogger(JobFailpointVariable.class);
    private static final String NAME = "WEIR_FAILPOINT";

    /// Exit code of a node that was told to halt.
    private static final int HALTED = 86;

    private static final int FIRST = 1;

    void onStart(@Observes @Priority(FIRST) StartupEvent event) {
        String label = Optional.ofNullable(System.getenv(NAME)).orElse("");
        if (!label.startsWith(JobFailpoint.PREFIX)) {
            return;
        }
        Optional<JobFailpoint> point = JobFailpoint.of(label);
        if (point.isEmpty()) {
            LOG.error(
                    "Variable '{}': '{}' is no failpoint.{} Known: {}.",
                    NAME,
                    label,
                    NearestName.hint(JobFailpoint.labels(), label),
                    String.join(", ", JobFailpoint.labels()));
            throw new PreventFurtherStepsException("Weir did not start.", 1);
        }
        JobFailpoint.arm(point.get(), () -> {
            System.err.println("Failpoint '" + label + "': halts.");
            Runtime.getRuntime().halt(HALTED);
        });
        LOG.warn("Failpoint is armed: this node is not for use failpoint={}", label);
    }
}
