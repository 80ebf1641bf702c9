package io.weir.tiered.query.process;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// A child for the duration of one statement. One thread; `cancel` and `close` by any thread. Whoever leased it
/// closes it.
public final class ChildLease implements AutoCloseable {
    private final ChildPool pool;
    private final ChildProcess child;
    private final String principal;

    /// Whether the child may serve its principal again.
    private volatile boolean sound = true;

    private boolean closed;

    ChildLease(ChildPool pool, ChildProcess child, String principal) {
        this.pool = pool;
        this.child = child;
        this.principal = principal;
    }

    /// @throws WeirException `query-process-lost`
    public ParseAnswer parse(String sql, Deadline deadline) {
        try {
            return child.parse(sql, Math.max(1_000, deadline.remainingMillis()));
        } catch (ChildLost e) {
            throw lost(e);
        }
    }

    /// Runs the statement to its end, however it ends; a child that ran out of time or memory, or met the sandbox,
    /// is replaced afterwards.
    ///
    /// @throws WeirException `query-process-lost`
    /// @throws IOException the sink's own
    public Outcome execute(ChildStatement statement, RowSink sink, Deadline deadline) throws IOException {
        // Should the sink block for ever (a client that does not read), the watchdog ends the child all the same.
        Future<?> kill = pool.watchdog()
                .schedule(
                        child::kill,
                        deadline.remainingMillis() + 2 * ChildProcess.KILL_GRACE_MILLIS,
                        TimeUnit.MILLISECONDS);
        boolean ended = false;
        try {
            Outcome outcome = child.execute(statement, sink, deadline);
            sound = switch (outcome) {
                case Outcome.Done done -> true;
                case Outcome.Cancelled cancelled -> true;
                case Outcome.TimedOut timedOut -> false;
                case Outcome.Failed failed -> failed.kind().equals("invalid");
            };
            ended = true;
            return outcome;
        } catch (ChildLost e) {
            throw lost(e);
        } finally {
            kill.cancel(false);
            if (!ended) {
                sound = false;
            }
        }
    }

    /// Ends the running statement, if there is one.
    public void cancel() {
        child.cancel();
    }

    /// The child's process id.
    public long pid() {
        return child.pid();
    }

    private WeirException lost(ChildLost e) {
        sound = false;
        return new WeirException("query-process-lost", Whose.INTERNAL, 500, "SQL: " + e.getMessage(), e);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            pool.giveBack(child, principal, sound);
        }
    }
}
