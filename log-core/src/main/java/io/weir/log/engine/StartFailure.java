package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.net.BindException;
import org.apache.kafka.common.config.ConfigException;

/// Turns whatever ended a start into one sentence with the root cause: the only place where the engine's
/// exceptions are translated.
final class StartFailure {
    private StartFailure() {}

    static WeirException of(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            root = t;
            switch (t) {
                case WeirException known -> {
                    return known;
                }
                case BindException bind -> {
                    return new WeirException(
                            "port-in-use",
                            Whose.USER,
                            "Kafka listener: Socket server failed to bind: " + bind.getMessage()
                                    + ". Choose other ports with weir.log.port and weir.log.controller.port.",
                            thrown);
                }
                case ConfigException config -> {
                    return new WeirException(
                            "setting-invalid", Whose.USER, "Setting 'kafka.*': " + config.getMessage() + ".", thrown);
                }
                default -> {
                    // look further down
                }
            }
        }
        String what = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return new WeirException(
                "node-start-failed", Whose.INTERNAL, "Node: the engine could not start: " + what, thrown);
    }
}
