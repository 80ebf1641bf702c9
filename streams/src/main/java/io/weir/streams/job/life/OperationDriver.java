package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Operation.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does the work of comparisons, promotions and rollbacks, and looks for where snapshots end, beside the
/// steps of the
/// jobs, one piece at a time per job. A
/// piece that is cut off by a crash is done again from the registry's state. Owned by whoever made it.
final class OperationDriver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationDriver.class);

    private static final Duration OTHERS_WAIT = Duration.ofSeconds(10);

    private final JobRegistry registry;
    private final Comparing comparing;
    private final CutOvers cutOvers;
    private final SnapshotCuts cuts;
    private final Clock clock;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final ExecutorService workers;

    OperationDriver(JobRegistry registry, Comparing comparing, CutOvers cutOvers, SnapshotCuts cuts, Clock clock) {
        this.cuts = cuts;
        this.registry = registry;
        this.comparing = comparing;
        this.cutOvers = cutOvers;
        this.clock = clock;
        this.workers = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("weir-jobs-operation-", 0).factory());
    }

    /// Begins the next piece of a job's running operation, if it is one of ours; never blocks. Several nodes
    /// that do
    /// the
    /// same disturb each other and nothing else, so one begins, and the others after a while, should it be
    /// gone.
    ///
    /// @param leads whether this node is the one
    void drive(Job job, boolean leads) {
        String name = job.name().value();
        boolean due = job.runningOperation()
                .filter(OperationDriver::isOurs)
                .filter(operation ->
                        leads || clock.instant().isAfter(operation.started().plus(OTHERS_WAIT)))
                .isPresent();
        if (due && busy.add(name)) {
            try {
                workers.execute(() -> work(name));
            } catch (RejectedExecutionException e) {
                busy.remove(name); // the node stops
            }
        }
    }

    private static boolean isOurs(Operation operation) {
        return switch (operation.kind()) {
            case COMPARE, PROMOTE, ROLLBACK, SNAPSHOT, BACKFILL, REDRIVE -> true;
            case DEPLOY, START, STOP, DELETE, REPLAY, RETIRE -> false;
        };
    }

    private void work(String name) {
        Job job = registry.known().jobs().get(name);
        Operation operation = job == null
                ? null
                : job.runningOperation().filter(OperationDriver::isOurs).orElse(null);
        try {
            // step after step while each one comes further: outputs stand still meanwhile
            long before = -1;
            while (job != null && operation != null && job.rev() != before) {
                before = job.rev();
                work(job, operation);
                job = registry.known().jobs().get(name);
                operation = job == null
                        ? null
                        : job.runningOperation().filter(OperationDriver::isOurs).orElse(null);
            }
        } catch (WeirException e) {
            switch (e.whose()) {
                case EXTERNAL -> LOG.info("Operation waits job={} cause={}", name, e.getMessage());
                case USER, INTERNAL -> fail(name, operation, e.code() + ": " + e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.warn("Operation failed job={}", name, e);
            fail(name, operation, e.toString());
        } finally {
            busy.remove(name);
        }
    }

    private void work(Job job, Operation operation) {
        switch (operation.kind()) {
            case COMPARE -> {
                ObjectNode result = comparing.compare(job, operation);
                end(job.name().value(), operation, Outcome.DONE, "", result);
            }
            case PROMOTE, ROLLBACK -> cutOvers.step(job, operation);
            case SNAPSHOT, BACKFILL, REDRIVE -> cuts.step(job);
            case DEPLOY, START, STOP, DELETE, REPLAY, RETIRE -> {}
        }
    }

    private void fail(String name, @org.jspecify.annotations.Nullable Operation operation, String why) {
        if (operation != null) {
            LOG.warn("Operation failed job={} operation={} cause={}", name, operation.id(), why);
            end(name, operation, Outcome.FAILED, why, JsonNodeFactory.instance.objectNode());
        }
    }

    private void end(String name, Operation operation, Outcome outcome, String why, ObjectNode result) {
        registry.note(
                name,
                now -> now.operation(operation.id()).filter(Operation::running).isPresent()
                        ? Optional.of(
                                new JobEvent.OperationEnded(clock.instant(), operation.id(), outcome, why, result))
                        : Optional.empty());
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
