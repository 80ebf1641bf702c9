package io.weir.tiered.archive;

import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Asks the store now and then whether it answers, so that health can say so before a segment has to be copied.
/// One thread looks, any thread reads the state; does not own the store.
public final class StoreWatch {
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    private final ObjectStore store;
    private final String folder;
    private final Clock clock;
    private final Duration mostPause;
    private volatile State state = new Unknown();
    private Instant nextLook = Instant.MIN;

    /// @param folder listed as the question
    /// @param mostPause between two looks; a store that fails is asked again after 1 s, 2 s, 4 s ... up to it
    public StoreWatch(ObjectStore store, String folder, Clock clock, Duration mostPause) {
        this.store = store;
        this.folder = folder;
        this.clock = clock;
        this.mostPause = mostPause;
    }

    /// What the store said last.
    public sealed interface State {}

    /// Not asked yet.
    public record Unknown() implements State {}

    /// It answers.
    public record Answers() implements State {}

    /// It does not.
    ///
    /// @param reason names the object, the rule and the setting to look at
    /// @param since first of the failures in a row
    /// @param tries failures in a row
    public record Fails(String reason, Instant since, int tries) implements State {}

    public State state() {
        return state;
    }

    /// Asks if it is time to.
    public void look() {
        Instant now = clock.instant();
        if (now.isBefore(nextLook)) {
            return;
        }
        try {
            int unused = store.folders(folder).size();
            state = new Answers();
            nextLook = clock.instant().plus(mostPause);
        } catch (IOException e) {
            Fails failure = after(state, String.valueOf(e.getMessage()), now);
            state = failure;
            nextLook = clock.instant().plus(pause(failure.tries()));
        }
    }

    private static Fails after(State before, String reason, Instant now) {
        return switch (before) {
            case Fails known -> new Fails(reason, known.since(), known.tries() + 1);
            case Unknown unknown -> new Fails(reason, now, 1);
            case Answers answers -> new Fails(reason, now, 1);
        };
    }

    private Duration pause(int tries) {
        Duration pause = LEAST_PAUSE.multipliedBy(1L << Math.min(tries - 1, 20));
        return pause.compareTo(mostPause) < 0 ? pause : mostPause;
    }
}
