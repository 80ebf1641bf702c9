package io.weir.cli.node;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for what happens in another process.
public final class Waiting {
    private Waiting() {}

    public static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(CliFailure.INTERNAL, "Interrupted.", e);
        }
    }

    /// Asks again and again until the condition holds.
    ///
    /// @throws CliFailure when it does not hold within `timeout`; the message names `what`
    public static void until(String what, Duration timeout, Duration interval, BooleanSupplier condition) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new CliFailure(
                        CliFailure.EXTERNAL, "Waited " + timeout.toSeconds() + " s in vain for " + what + ".");
            }
            pause(interval);
        }
    }
}
