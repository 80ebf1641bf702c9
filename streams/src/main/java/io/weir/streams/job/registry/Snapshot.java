package io.weir.streams.job.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The results of a version as of a place in its sources, in topics of their own that nobody writes any more once it
/// is done.
///
/// @param number from 1, unique within the job
/// @param version whose code and configuration it runs
/// @param applicationId `<job>.s<number>`: its group, and the prefix of its internal topics
/// @param outputs topic by output
/// @param beforeMillis rows from this event time on are left out; negative takes all
/// @param reachMillis how far event time must have come in each partition of a stream before its vector ends there;
///     negative when the vector was given
/// @param replay where it reads; null until the vector is known
/// @param ended null while it runs
/// @param problem why it failed, empty otherwise
public record Snapshot(
        int number,
        int version,
        String applicationId,
        Map<String, String> outputs,
        long beforeMillis,
        long reachMillis,
        @Nullable Replay replay,
        Phase phase,
        Instant asked,
        @Nullable Instant ended,
        String problem) {
    /// How far it is.
    public enum Phase {
        /// The offsets are being looked for at which it ends.
        RESOLVING,
        /// It reads.
        READING,
        /// All rows are written; what it leaves behind is being removed.
        WRITTEN,
        DONE,
        FAILED
    }

    public Snapshot {
        outputs = Map.copyOf(outputs);
    }

    /// A snapshot that begins.
    ///
    /// @param replay null when its vector has to be found first
    public static Snapshot begun(
            Job job, JobVersion version, long beforeMillis, long reachMillis, @Nullable Replay replay, Instant at) {
        int number = job.nextSnapshot();
        return new Snapshot(
                number,
                version.number(),
                job.name().value() + ".s" + number,
                names(version.plan().sinks(), number),
                beforeMillis,
                reachMillis,
                replay,
                replay == null ? Phase.RESOLVING : Phase.READING,
                at,
                null,
                "");
    }

    private static Map<String, String> names(List<String> sinks, int number) {
        Map<String, String> names = new TreeMap<>();
        sinks.forEach(sink -> names.put(sink, sink + ".s" + number));
        return names;
    }

    /// Rows that the code cannot process.
    public String deadLetterTopic() {
        return applicationId + ".dlq";
    }

    /// Whether something of it still runs, or has to be removed.
    public boolean running() {
        return switch (phase) {
            case RESOLVING, READING, WRITTEN -> true;
            case DONE, FAILED -> false;
        };
    }

    Snapshot cut(Replay at) {
        return new Snapshot(
                number,
                version,
                applicationId,
                outputs,
                beforeMillis,
                reachMillis,
                at,
                Phase.READING,
                asked,
                ended,
                problem);
    }

    Snapshot in(Phase next, @Nullable Instant at, String why) {
        return new Snapshot(
                number, version, applicationId, outputs, beforeMillis, reachMillis, replay, next, asked, at, why);
    }
}
