package io.weir.tiered.query;

import io.weir.tiered.query.process.ChildLease;
import io.weir.tiered.query.process.Deadline;
import org.jspecify.annotations.Nullable;

/// A statement under way. Its own thread moves it from stage to stage; any thread may look at it or cancel it.
public final class RunningQuery {
    /// `ACCEPTED -> PARSED -> AUTHORISED -> PLANNED -> FETCHING -> RUNNING -> STREAMING`, then it is gone.
    public enum Stage {
        ACCEPTED,
        PARSED,
        AUTHORISED,
        PLANNED,
        FETCHING,
        RUNNING,
        STREAMING
    }

    private final String id;
    private final String principal;
    private final String sql;
    private final Deadline deadline;
    private volatile Stage stage = Stage.ACCEPTED;
    private volatile boolean cancelled;
    private volatile @Nullable ChildLease lease;

    RunningQuery(String id, String principal, String sql, Deadline deadline) {
        this.id = id;
        this.principal = principal;
        this.sql = sql;
        this.deadline = deadline;
    }

    public String id() {
        return id;
    }

    public String principal() {
        return principal;
    }

    public String sql() {
        return sql;
    }

    public Stage stage() {
        return stage;
    }

    public long elapsedMillis() {
        return deadline.elapsedMillis();
    }

    boolean isCancelled() {
        return cancelled;
    }

    void enter(Stage next) {
        stage = next;
    }

    void runsIn(ChildLease child) {
        lease = child;
    }

    /// Ends the statement; its caller gets the problem `query-cancelled`.
    void cancel() {
        cancelled = true;
        deadline.cancel();
        ChildLease child = lease;
        if (child != null && (stage == Stage.RUNNING || stage == Stage.STREAMING)) {
            child.cancel();
        }
    }
}
