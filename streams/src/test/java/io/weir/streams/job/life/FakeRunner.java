package io.weir.streams.job.life;

import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunState;
import io.weir.streams.job.Runner;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.replay.ReplayControl;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Runs nothing, and says about it what the test wants.
final class FakeRunner implements Runner {
    final List<Run> runs = new CopyOnWriteArrayList<>();

    /// What every new run says of itself.
    volatile RunState firstState = new RunState.Running();

    @Override
    public RunningVersion start(RunSpec spec) {
        Run run = new Run(spec, firstState);
        runs.add(run);
        return run;
    }

    List<Run> open() {
        return runs.stream().filter(run -> !run.stopped).toList();
    }

    static final class Run implements RunningVersion {
        final RunSpec spec;
        volatile RunState state;
        volatile boolean stopped;
        volatile Map<String, String> outputs;
        final ReplayControl control;

        Run(RunSpec spec, RunState state) {
            this.spec = spec;
            this.state = state;
            this.outputs = spec.outputs();
            this.control = new ReplayControl(spec.history(), Clock.systemUTC());
        }

        @Override
        public RunState state() {
            return state;
        }

        @Override
        public Map<String, Long> lagBySource() {
            return Map.of("orders", 42L);
        }

        @Override
        public ReplayControl control() {
            return control;
        }

        @Override
        public void redirect(Map<String, String> topics) {
            outputs = topics;
        }

        @Override
        public void stop(Duration deadline) {
            stopped = true;
        }
    }
}
