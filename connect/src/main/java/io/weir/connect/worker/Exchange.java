package io.weir.connect.worker;

import java.util.Optional;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.util.FutureCallback;

/// Runs one request against the live worker: waits for one that is starting, refuses while there is none, repeats
/// what met a rebalance, turns failures into answers.
final class Exchange {
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final ConnectWorker worker;

    Exchange(ConnectWorker worker) {
        this.worker = worker;
    }

    /// One attempt to answer. Must be safe to repeat as long as it ends with a passing conflict.
    @FunctionalInterface
    interface Attempt {
        /// @throws Throwable whatever the herder has thrown: Connect's request handler hands it on as it is
        Reply on(LiveWorker live) throws Throwable;
    }

    /// Submits a request to the herder, which completes the callback on its own thread.
    @FunctionalInterface
    interface Submission<T> {
        void to(WeirHerder herder, FutureCallback<T> callback);
    }

    Reply answer(Caller caller, Attempt attempt) {
        Time time = worker.time();
        long deadlineMillis =
                time.milliseconds() + worker.settings().conflictRetry().toMillis();
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (true) {
            Optional<LiveWorker> live = worker.ready();
            if (live.isEmpty()) {
                boolean comesUp = caller.isFirstHop()
                        && worker.state() instanceof WorkerState.Starting
                        && time.milliseconds() + pauseMillis < deadlineMillis;
                if (!comesUp) {
                    return notReady();
                }
                time.sleep(pauseMillis);
                continue;
            }
            Throwable failure;
            try {
                return attempt.on(live.get());
            } catch (VirtualMachineError e) {
                throw e;
            } catch (Throwable e) {
                failure = e;
            }
            boolean repeat = caller.isFirstHop()
                    && Failures.isPassing(failure)
                    && time.milliseconds() + pauseMillis < deadlineMillis;
            if (!repeat) {
                return Failures.reply(failure);
            }
            time.sleep(pauseMillis);
            pauseMillis = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    /// Waits for the herder's own answer.
    static <T> T complete(LiveWorker live, Submission<T> submission) throws Throwable {
        FutureCallback<T> callback = new FutureCallback<>();
        submission.to(live.herder(), callback);
        return live.requests().completeRequest(callback);
    }

    private Reply notReady() {
        String message = switch (worker.state()) {
            case WorkerState.Waiting w -> "Connect worker: waits for the log to answer. Ask again.";
            case WorkerState.Starting s -> "Connect worker: is still starting. Ask again.";
            case WorkerState.Running r -> "Connect worker: is stopping.";
            case WorkerState.Stopped s -> "Connect worker: has stopped.";
            case WorkerState.Failed f ->
                "Connect worker: has ended (" + f.cause() + ") and starts again within "
                        + f.retryIn().toSeconds() + " s.";
        };
        return Failures.error(503, message).with(Failures.RETRY_AFTER, "1");
    }
}
