package io.weir.tiered.query.process;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SQL children of a node: some kept warm, each serving one principal for its whole life.
///
/// Safe for use by any thread. `close` kills all children and waits for their end.
public final class ChildPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChildPool.class);

    private final ChildSettings settings;
    private final Semaphore turns;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final ExecutorService starter = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sql-child-starter").factory());
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sql-watchdog").factory());

    /// Guards the three fields below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Deque<Idle> idle = new ArrayDeque<>();
    private final Set<ChildProcess> all = new HashSet<>();
    private boolean closed;

    /// @param principal null for a child that has served nobody yet
    private record Idle(ChildProcess child, @Nullable String principal) {}

    private ChildPool(ChildSettings settings) {
        this.settings = settings;
        this.turns = new Semaphore(settings.maxRunning(), true);
    }

    /// Empties the work directory and starts warming children in the background.
    ///
    /// @throws WeirException `query-child-missing` when the child's folder or the java binary is not there
    public static ChildPool open(ChildSettings settings) {
        if (!Files.isDirectory(settings.childDirectory())) {
            throw new WeirException(
                    "query-child-missing",
                    Whose.INTERNAL,
                    "SQL child folder '" + settings.childDirectory()
                            + "': does not exist. Set 'weir.sql.child.dir' to the folder 'query-child'.");
        }
        Directories.delete(settings.workDirectory());
        ChildPool pool = new ChildPool(settings);
        pool.warmUp();
        return pool;
    }

    /// Waits for a turn and hands out a child that has served nobody else.
    ///
    /// @throws WeirException `query-queue-full` (503), `query-timeout` (408) when no turn came in time,
    ///     `query-process-lost` when no child can be started
    public ChildLease lease(String principal, Deadline deadline) {
        takeTurn(deadline);
        boolean leased = false;
        try {
            ChildProcess child = childFor(principal);
            leased = true;
            return new ChildLease(this, child, principal);
        } finally {
            if (!leased) {
                turns.release();
            }
        }
    }

    private void takeTurn(Deadline deadline) {
        if (turns.tryAcquire()) {
            return;
        }
        if (waiting.incrementAndGet() > settings.queue()) {
            waiting.decrementAndGet();
            throw new WeirException(
                    "query-queue-full",
                    Whose.EXTERNAL,
                    503,
                    "SQL: " + settings.maxRunning() + " statements run and " + settings.queue()
                            + " wait; try again in a moment, or raise 'weir.sql.max-running' or 'weir.sql.queue'.",
                    null);
        }
        try {
            if (!turns.tryAcquire(deadline.remainingMillis(), TimeUnit.MILLISECONDS)) {
                throw new WeirException(
                        "query-timeout",
                        Whose.USER,
                        408,
                        "SQL: no turn within " + deadline.limit().toMillis() + " ms; " + settings.maxRunning()
                                + " other statements run.",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WeirException("query-interrupted", Whose.EXTERNAL, "SQL: the node is stopping.", e);
        } finally {
            waiting.decrementAndGet();
        }
    }

    private ChildProcess childFor(String principal) {
        ChildProcess child = takeIdle(principal);
        if (child != null) {
            return child;
        }
        try {
            return startOne();
        } catch (ChildLost | IOException e) {
            throw new WeirException(
                    "query-process-lost",
                    Whose.INTERNAL,
                    "SQL: no child process could be started: " + e.getMessage(),
                    e);
        }
    }

    /// The principal's own child first, then an unused one; another principal's is killed to make room.
    private @Nullable ChildProcess takeIdle(String principal) {
        List<ChildProcess> strangers = new ArrayList<>();
        lock.lock();
        try {
            idle.removeIf(entry -> !entry.child().isAlive());
            Idle best = null;
            for (Idle entry : idle) {
                if (principal.equals(entry.principal())) {
                    best = entry;
                    break;
                }
                if (entry.principal() == null) {
                    best = entry;
                }
            }
            if (best != null) {
                idle.remove(best);
                return best.child();
            }
            for (Iterator<Idle> entries = idle.iterator(); entries.hasNext(); ) {
                strangers.add(entries.next().child());
                entries.remove();
            }
            return null;
        } finally {
            lock.unlock();
            strangers.forEach(ChildProcess::kill);
        }
    }

    private ChildProcess startOne() throws ChildLost, IOException {
        ChildProcess child = ChildProcess.start(settings, lastNumber.incrementAndGet());
        lock.lock();
        try {
            if (closed) {
                child.kill();
                throw new IOException("the node is stopping");
            }
            all.add(child);
        } finally {
            lock.unlock();
        }
        child.onExit(() -> forget(child));
        LOG.debug("SQL child started, pid={}", child.pid());
        return child;
    }

    private void forget(ChildProcess child) {
        child.kill();
        boolean wasIdle;
        lock.lock();
        try {
            all.remove(child);
            wasIdle = idle.removeIf(entry -> entry.child() == child);
        } finally {
            lock.unlock();
        }
        if (wasIdle) {
            LOG.warn("SQL child ended while idle and is replaced, pid={}", child.pid());
        }
        warmUp();
    }

    /// Starts children until enough are warm; in the background, one after the other.
    private void warmUp() {
        lock.lock();
        try {
            if (!closed) {
                starter.execute(this::warmUpNow);
            }
        } finally {
            lock.unlock();
        }
    }

    private void warmUpNow() {
        while (tooFew()) {
            try {
                ChildProcess child = startOne();
                lock.lock();
                try {
                    if (!closed && child.isAlive()) {
                        idle.addLast(new Idle(child, null));
                    }
                } finally {
                    lock.unlock();
                }
            } catch (ChildLost | IOException e) {
                if (!isClosed()) {
                    LOG.warn("SQL child could not be started: {}", e.getMessage());
                }
                return;
            }
        }
    }

    private boolean tooFew() {
        lock.lock();
        try {
            return !closed && all.size() < settings.warm();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Back from a lease: kept for the same principal, or replaced.
    void giveBack(ChildProcess child, String principal, boolean sound) {
        boolean kept;
        lock.lock();
        try {
            kept = sound && !closed && child.isAlive() && idle.size() < settings.warm();
            if (kept) {
                idle.addFirst(new Idle(child, principal));
            }
        } finally {
            lock.unlock();
        }
        turns.release();
        if (!kept) {
            child.kill();
        }
    }

    ScheduledExecutorService watchdog() {
        return watchdog;
    }

    /// Process ids of the children that live now.
    public List<Long> pids() {
        lock.lock();
        try {
            return all.stream()
                    .filter(ChildProcess::isAlive)
                    .map(ChildProcess::pid)
                    .sorted()
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<ChildProcess> last;
        lock.lock();
        try {
            closed = true;
            idle.clear();
            last = List.copyOf(all);
        } finally {
            lock.unlock();
        }
        starter.shutdownNow();
        watchdog.shutdownNow();
        last.forEach(ChildProcess::kill);
        try {
            for (ChildProcess child : last) {
                child.awaitExit();
            }
            starter.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Directories.delete(settings.workDirectory());
    }
}
