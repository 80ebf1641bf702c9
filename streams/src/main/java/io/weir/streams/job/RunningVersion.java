package io.weir.streams.job;

import io.weir.streams.job.state.StateReads;
import io.weir.streams.replay.ReplayControl;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// One running version of a job: its state, how far behind it is, and the way to end it. Thread-safe.
public interface RunningVersion extends AutoCloseable {
    /// The present state; never blocks.
    RunState state();

    /// Records that wait to be processed, by source topic, internal topics left out. Asks the log, so it
    /// may block for some seconds; empty while nothing is known.
    Map<String, Long> lagBySource();

    /// What was counted since this version was started in this process; never blocks.
    default RunCounts counts() {
        return RunCounts.NONE;
    }

    /// What the engine has counted since this version was started in this process; goes through all its metrics, so not
    /// to be asked all the time.
    default RunEngine engine() {
        return RunEngine.NONE;
    }

    /// The state it keeps; empty before there is any, and after its end.
    default Optional<StateReads> reads() {
        return Optional.empty();
    }

    /// How to bring it to its end; empty for a version that goes on for ever.
    default Optional<RunEnding> ending() {
        return Optional.empty();
    }

    /// Whether it has been stopped and everything it had processed was committed.
    default boolean stoppedCleanly() {
        return false;
    }

    /// What its sources may deliver, and how far they are; may be told and asked at any time.
    ReplayControl control();

    /// Writes its outputs to other topics from the next row on. Only while its sources stand still does everybody
    /// know which row that is.
    ///
    /// @param outputs topic by output of the plan
    void redirect(Map<String, String> outputs);

    /// Ends the version: commits, leaves the group, ends all its threads. State and offsets are kept, so
    /// that the next start resumes. Idempotent.
    ///
    /// @param deadline how long to wait for a clean end; after it the threads are abandoned and a resume
    ///     has to restore its state from the changelogs
    void stop(Duration deadline);

    /// Stops with a deadline of 30 seconds.
    @Override
    default void close() {
        stop(Duration.ofSeconds(30));
    }
}
