package io.weir.streams.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How long an answer may wait for a job to run.
///
/// @param timeout zero answers at once
record WaitFor(Duration timeout) {
    /// @param wait `RUNNING` or `LIVE` to wait; absent or `NONE` answers at once
    static WaitFor of(@Nullable String wait, @Nullable String timeout) {
        Duration given = Waiting.timeout(timeout);
        String state = wait == null ? "NONE" : wait.toUpperCase(Locale.ROOT);
        return switch (state) {
            case "NONE" -> new WaitFor(Duration.ZERO);
            case "RUNNING", "LIVE" -> new WaitFor(given);
            default ->
                throw new WeirException(
                        "parameter-invalid",
                        Whose.USER,
                        "Parameter 'wait': must be RUNNING or absent, got '" + wait + "'.");
        };
    }
}
