package io.weir.log.engine;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What happens when the engine finds that it cannot go on.
///
/// Before the node runs a fatal fault only makes the start fail, as leaving the process there would hide the
/// cause. Afterwards it is logged and the process halts: an engine that is partly dead must not keep its lock,
/// its ports and its clients.
final class Faults implements FaultHandlerFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private final BooleanSupplier serving;
    private final Consumer<Throwable> startFailed;

    /// @param serving whether the node has reached `Running`
    /// @param startFailed told of a fatal fault before that; any thread
    Faults(BooleanSupplier serving, Consumer<Throwable> startFailed) {
        this.serving = serving;
        this.startFailed = startFailed;
    }

    /// Makes the engine's own exits visible: one line, then they really happen. Process-wide.
    static void announceExits() {
        Exit.setExitProcedure((status, message) -> {
            LOG.error("The log engine ends this process with exit code {}{}", status, because(message));
            Runtime.getRuntime().exit(status);
        });
        Exit.setHaltProcedure((status, message) -> {
            LOG.error("The log engine halts this process with exit code {}{}", status, because(message));
            Runtime.getRuntime().halt(status);
        });
    }

    private static String because(@org.jspecify.annotations.Nullable String message) {
        return message == null ? "" : ": " + message;
    }

    @Override
    public FaultHandler build(String name, boolean fatal, Runnable action) {
        return (message, cause) -> {
            runQuietly(action);
            RuntimeException fault = new RuntimeException(name + ": " + message, cause);
            if (!fatal) {
                LOG.error("Fault in {}: {}", name, message, cause);
            } else if (serving.getAsBoolean()) {
                LOG.error("Fatal fault in {}: {}; this process halts", name, message, cause);
                Exit.halt(1, name + ": " + message);
            } else {
                startFailed.accept(cause == null ? fault : cause);
            }
            return fault;
        };
    }

    private static void runQuietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("A fault handler's own action failed", e);
        }
    }
}
