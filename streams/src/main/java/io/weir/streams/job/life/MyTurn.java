package io.weir.streams.job.life;

import org.jspecify.annotations.Nullable;

/// This node's place in one queue, taken when it is first asked for. Used by one thread at a time.
final class MyTurn {
    /// Behind the application id: the group that decides which node reads history.
    static final String SUFFIX = "-turn";

    private final Turns turns;
    private Turns.@Nullable Turn turn;

    MyTurn(Turns turns) {
        this.turns = turns;
    }

    /// @param applicationId of the run that only one node may do
    boolean isMine(String applicationId) {
        Turns.Turn present = turn;
        if (present == null) {
            present = turns.open(applicationId + SUFFIX);
            turn = present;
        }
        return present.isMine();
    }

    /// Lets somebody else go on.
    void leave() {
        Turns.Turn present = turn;
        if (present != null) {
            present.close();
            turn = null;
        }
    }
}
