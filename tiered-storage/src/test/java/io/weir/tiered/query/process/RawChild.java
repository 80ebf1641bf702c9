package io.weir.tiered.query.process;

import java.io.IOException;
import java.nio.file.Files;

/// A child without pool and without gate: what is left are DuckDB's settings. Replaced when it dies.
public final class RawChild implements AutoCloseable {
    private final ChildSettings settings;
    private ChildProcess child;
    private int number;

    public RawChild(ChildSettings settings) throws IOException, ChildLost {
        this.settings = settings;
        Files.createDirectories(settings.workDirectory());
        this.child = ChildProcess.start(settings, ++number);
    }

    /// Runs the statement, however it ends; false when the child died of it.
    public boolean run(ChildStatement statement, RowSink sink, Deadline deadline) throws IOException, ChildLost {
        try {
            child.execute(statement, sink, deadline);
            if (child.isAlive()) {
                return true;
            }
        } catch (ChildLost e) {
            // fall through to a new one
        }
        child.kill();
        child = ChildProcess.start(settings, ++number);
        return false;
    }

    @Override
    public void close() throws InterruptedException {
        child.kill();
        child.awaitExit();
    }
}
