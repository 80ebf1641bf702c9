package io.weir.streams.job.life;

import io.weir.streams.job.RunState;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.Transitions;
import java.util.Map;
import java.util.Optional;

/// A job as the registry has it, with what this node sees of it.
///
/// @param runs what of it runs here, by version
/// @param lagBySource records behind, by source topic; empty when not known
public record JobSeen(Job job, Map<Integer, LocalRun> runs, Map<String, Long> lagBySource) {
    public JobSeen {
        runs = Map.copyOf(runs);
        lagBySource = Map.copyOf(lagBySource);
    }

    /// The state in one word. `STARTING` also covers a live version whose runner on this node is not running
    /// yet,
    /// for example after a restart of the node; `STOPPING` and `DELETING` last until the last member has
    /// left.
    public String label() {
        if (Transitions.isStopping(job)) {
            return "STOPPING";
        }
        if (Transitions.isBeingDeleted(job)) {
            return "DELETING";
        }
        return job.state() instanceof JobState.Live && !runsHere()
                ? "STARTING"
                : job.state().label();
    }

    /// The live version's run; empty while it does not run here.
    public Optional<LocalRun> run() {
        return Optional.ofNullable(runs.get(job.live()));
    }

    private boolean runsHere() {
        return run().map(local -> local.state() instanceof RunState.Running).orElse(false);
    }
}
