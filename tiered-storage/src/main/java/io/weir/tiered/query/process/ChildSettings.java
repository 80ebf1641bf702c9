package io.weir.tiered.query.process;

import java.nio.file.Path;
import java.time.Duration;

/// How SQL children are run.
///
/// @param java the `java` binary; the node's own
/// @param childDirectory the self-contained folder `query-child` with DuckDB and the child's jar
/// @param workDirectory private folder for the children's working directories; emptied by the pool
/// @param warm children kept ready while nothing runs, at least 1
/// @param maxRunning statements that run at the same time, at least `warm`
/// @param queue statements that may wait for their turn; beyond that `query-queue-full`
/// @param heapBytes Java heap of a child (rows under way), beside DuckDB's memory
/// @param memoryBytes DuckDB's memory per statement
/// @param threads DuckDB's threads per statement
/// @param tempBytes spilled bytes per statement
/// @param startDeadline how long a child may take until it is ready
public record ChildSettings(
        Path java,
        Path childDirectory,
        Path workDirectory,
        int warm,
        int maxRunning,
        int queue,
        long heapBytes,
        long memoryBytes,
        int threads,
        long tempBytes,
        Duration startDeadline) {
    public ChildSettings {
        if (warm < 1 || maxRunning < warm || queue < 0 || threads < 1) {
            throw new IllegalArgumentException("SQL children: 1 <= weir.sql.children <= weir.sql.max-running, "
                    + "weir.sql.queue >= 0 and weir.sql.threads >= 1 must hold, got " + warm + ", " + maxRunning + ", "
                    + queue + ", " + threads + ".");
        }
    }

    /// Two warm children, 256 MiB heap, 512 MiB and two threads for DuckDB, 2 GiB of spilled data, 16 waiting.
    public static ChildSettings of(Path java, Path childDirectory, Path workDirectory) {
        return new ChildSettings(
                java,
                childDirectory,
                workDirectory,
                2,
                2,
                16,
                256L << 20,
                512L << 20,
                2,
                2L << 30,
                Duration.ofSeconds(30));
    }

    public ChildSettings withMemoryBytes(long newMemoryBytes) {
        return new ChildSettings(
                java,
                childDirectory,
                workDirectory,
                warm,
                maxRunning,
                queue,
                heapBytes,
                newMemoryBytes,
                threads,
                tempBytes,
                startDeadline);
    }

    public ChildSettings withConcurrency(int newWarm, int newMaxRunning, int newQueue) {
        return new ChildSettings(
                java,
                childDirectory,
                workDirectory,
                newWarm,
                newMaxRunning,
                newQueue,
                heapBytes,
                memoryBytes,
                threads,
                tempBytes,
                startDeadline);
    }
}
