package io.weir.streams.topology;

import io.weir.streams.job.RunState;
import io.weir.streams.job.RunState.Owner;

/// A version that cannot start: carries the state it ends in.
final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RunState.Failed state;

    StartRefused(Owner owner, String operator, String explanation) {
        super(explanation);
        this.state = new RunState.Failed(owner, operator, "", explanation);
    }

    RunState.Failed state() {
        return state;
    }
}
