package io.weir.log.wiring;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a process whose stop does not end: the engine joins some of its threads without bound, and nothing else
/// bounds a stop.
final class ShutdownWatchdog {
    private static final Logger LOG = LoggerFactory.getLogger(ShutdownWatchdog.class);
    private static final int FRAMES_SHOWN = 3;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable halt;

    /// @param halt ends the process; must not return in production
    ShutdownWatchdog(Runnable halt) {
        this.halt = halt;
    }

    /// Arms the watchdog once; further calls do nothing useful but no harm.
    ///
    /// @param within how long the stop may take
    void arm(Duration within) {
        Thread thread = new Thread(() -> watch(within), "weir-shutdown-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /// The stop has ended.
    void disarm() {
        done.countDown();
    }

    private void watch(Duration within) {
        try {
            if (!done.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.error(
                        "The stop did not end within {} s (weir.shutdown.timeout); this process halts. Threads still at"
                                + " work: {}",
                        within.toSeconds(),
                        threadsAtWork());
                halt.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Non-daemon threads with their topmost frames.
    private static String threadsAtWork() {
        StringBuilder summary = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            boolean relevant =
                    !entry.getKey().isDaemon() || entry.getKey().getName().equals("weir-engine");
            if (relevant && entry.getValue().length > 0) {
                summary.append(entry.getKey().getName()).append(" at ");
                for (int i = 0; i < Math.min(FRAMES_SHOWN, entry.getValue().length); i++) {
                    summary.append(i == 0 ? "" : " < ").append(entry.getValue()[i]);
                }
                summary.append("; ");
            }
        }
        return summary.toString();
    }
}
