package io.weir.tiered.wiring;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.StartupEvent;
import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.failpoint.Failpoint;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `WEIR_FAILPOINT=<name>[:halt|:throw|:delay=<ms>]`, for tests that want a node to die at a given step. Of
/// the
/// environment only: as a setting it is refused like any other name that no module knows.
@Singleton
public class FailpointVariable {
    private static final Logger LOG = LoggerFactory.getLogger(FailpointVariable.class);
    static final String NAME = "WEIR_FAILPOINT";
    /// Exit code of a node that was told to halt.
    static final int HALTED = 86;

    /// Names of places on the way of a job, which the jobs know.
    private static final String OF_JOBS = "job-";

    private static final int FIRST = 1;
    private static final String HALT = "halt";
    private static final String THROW = "throw";
    private static final String DELAY = "delay=";

    void onStart(@Observes @Priority(FIRST) StartupEvent event) {
        try {
            armed(Optional.ofNullable(System.getenv(NAME)).orElse(""));
        } catch (WeirException e) {
            LOG.error(e.getMessage());
            throw new PreventFurtherStepsException("Weir did not start.", 1);
        }
    }

    /// @throws WeirException `setting-invalid`
    static void armed(String variable) {
        if (variable.isBlank() || variable.startsWith(OF_JOBS)) {
            return;
        }
        int colon = variable.indexOf(':');
        String label = colon < 0 ? variable : variable.substring(0, colon);
        Failpoint point = Failpoint.of(label)
                .orElseThrow(() -> invalid("'" + label + "' is no failpoint."
                        + NearestName.hint(Failpoint.labels(), label) + " Known: "
                        + String.join(", ", Failpoint.labels()) + "."));
        Failpoint.arm(point, action(point, colon < 0 ? HALT : variable.substring(colon + 1)));
        LOG.warn("Failpoint is armed: this node is not for use failpoint={}", variable);
    }

    private static Runnable action(Failpoint point, String action) {
        if (action.equals(HALT)) {
            return () -> {
                System.err.println("Failpoint '" + point.label() + "': halts.");
                Runtime.getRuntime().halt(HALTED);
            };
        }
        if (action.equals(THROW)) {
            return () -> {
                throw new IllegalStateException("Failpoint '" + point.label() + "': fails.");
            };
        }
        if (action.startsWith(DELAY)) {
            Duration delay = delay(action.substring(DELAY.length()));
            return () -> LockSupport.parkNanos(delay.toNanos());
        }
        throw invalid("'" + action + "' must be halt, throw or delay=<milliseconds>.");
    }

    private static Duration delay(String millis) {
        try {
            return Duration.ofMillis(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            throw invalid("a delay must be a number of milliseconds, got '" + millis + "'.");
        }
    }

    private static WeirException invalid(String rule) {
        return new WeirException("setting-invalid", Whose.USER, "Variable '" + NAME + "': " + rule);
    }
}
