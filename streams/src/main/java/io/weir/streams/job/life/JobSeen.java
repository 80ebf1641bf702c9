package io.weir.streams.job.life;

import io.weir.streams.job.RunState;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.Transitions;
import java.util.Map;
import java.util.Optional;

/// A job as the registry has it, with what this node sees of it.
///
/// @param run empty while nothing of it runs here
/// @param lagBySource records behind, by source topic; empty when not known
public record JobSeen(Job job, Optional<LocalRun> run, Map<String, Long> lagBySource) {
    public JobSeen {
        lagBySource = Map.copyOf(lagBySource);
    }

    /// The state in one word. `STARTING` also covers a live version whose runner on this node is not running yet,
    /// for example after a restart of the node; `STOPPING` and `DELETING` last until the last member has left.
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

    private boolean runsHere() {
        return run.map(local -> local.state() instanceof RunState.Running).orElse(false);
    }
}
