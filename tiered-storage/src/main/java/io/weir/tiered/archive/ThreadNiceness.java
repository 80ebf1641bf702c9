package io.weir.tiered.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lowers the priority of single threads where the operating system is Linux: there each thread has a niceness of its
/// own, while Java's priorities do nothing without privileges. Done by the system's `renice`, as Java has no call.
final class ThreadNiceness {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadNiceness.class);
    private static final Path CALLING_THREAD = Path.of("/proc/thread-self");
    private static final long PATIENCE_SECONDS = 10;
    /// What keeps one thread from it keeps all.
    private static final AtomicBoolean SAID = new AtomicBoolean();

    private ThreadNiceness() {}

    /// Lowers the calling thread's priority for the rest of its life; a process without privileges cannot raise it
    /// again. Where that is not possible the thread goes on as it is, and the log says so once.
    static void lower(int niceness) {
        try {
            // reads as <process>/task/<thread>
            Path thread = Files.readSymbolicLink(CALLING_THREAD).getFileName();
            Process renice = new ProcessBuilder("renice", "-n", Integer.toString(niceness), "-p", thread.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!renice.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                renice.destroyForcibly();
                notLowered("'renice' does not end");
            } else if (renice.exitValue() != 0) {
                notLowered("'renice' ended with " + renice.exitValue());
            }
        } catch (IOException | UnsupportedOperationException e) {
            notLowered(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void notLowered(String reason) {
        if (SAID.compareAndSet(false, true)) {
            LOG.info("Archive copies do not yield to other threads here: {}", reason);
        }
    }
}
