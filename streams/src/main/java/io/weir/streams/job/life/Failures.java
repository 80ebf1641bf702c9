package io.weir.streams.job.life;

import io.weir.log.fault.Whose;
import io.weir.streams.job.RunState;
import io.weir.streams.job.registry.Failure;

/// The one place where a runner's failure becomes the registry's, with the remedy that its owner has.
final class Failures {
    private Failures() {}

    static Failure of(RunState.Failed failed) {
        return switch (failed.owner()) {
            case USER ->
                new Failure(
                        Whose.USER,
                        failed.operator(),
                        failed.position(),
                        failed.cause(),
                        "Mend the job or its input, then start it again, or deploy it under another name.");
            case EXTERNAL ->
                new Failure(
                        Whose.EXTERNAL,
                        failed.operator(),
                        failed.position(),
                        failed.cause(),
                        "It is tried again by itself, at least once a minute.");
            case INTERNAL ->
                new Failure(
                        Whose.INTERNAL,
                        failed.operator(),
                        failed.position(),
                        failed.cause(),
                        "It is tried again three times; after that start it by hand and report the node's log.");
        };
    }
}
