package io.weir.streams.job.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A run of a version's code over history that comes to an end.
///
/// - A snapshot: the results as of a place in the sources, in topics that nobody writes any more once it is
/// done.
/// - A backfill, with a [Slice]: a part of its results is published, the rest goes.
/// - Dead letters fed again, with [Letters]: a backfill of the time they cover when the job has windows;
/// without any,
///   their records alone, straight into the live outputs.
///
/// @param number from 1, unique within the job
/// @param version whose code and configuration it runs
/// @param applicationId `<job>.s<number>`: its group, and the prefix of its internal topics
/// @param outputs topic by output
/// @param beforeMillis rows from this event time on are left out; negative takes all
/// @param reachMillis how far event time must have come in each partition of a stream before its vector ends
///     there;
///     negative when the vector was given
/// @param replay where it reads; null until the vector is known
/// @param ended null while it runs
/// @param problem why it failed, empty otherwise
/// @param slice what of its results is published; null of a snapshot, and until it is known
/// @param letters the dead letters that are fed again; null when there are none
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
        String problem,
        @Nullable Slice slice,
        @Nullable Letters letters) {
    /// How far it is.
    public enum Phase {
        /// The offsets are being looked for at which it ends.
        RESOLVING,
        /// It reads.
        READING,
        /// All rows are written; those of a slice are to be published, then what it leaves behind is removed.
        WRITTEN,
        /// The rows of a slice are published; what it leaves behind is being removed.
        PUBLISHED,
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
        return begun(job, version, beforeMillis, reachMillis, replay, at, null, null, true);
    }

    /// A backfill that begins.
    public static Snapshot backfill(Job job, JobVersion version, long reachMillis, Slice slice, Instant at) {
        return begun(job, version, -1, reachMillis, null, at, slice, null, true);
    }

    /// Dead letters that are to be fed again.
    ///
    /// @param windows whether the job has windows, so that a slice is published
    public static Snapshot redrive(Job job, JobVersion version, Letters letters, boolean windows, Instant at) {
        return begun(job, version, -1, -1, null, at, null, letters, windows);
    }

    private static Snapshot begun(
            Job job,
            JobVersion version,
            long beforeMillis,
            long reachMillis,
            @Nullable Replay replay,
            Instant at,
            @Nullable Slice slice,
            @Nullable Letters letters,
            boolean ownOutputs) {
        int number = job.nextSnapshot();
        return new Snapshot(
                number,
                version.number(),
                job.name().value() + ".s" + number,
                ownOutputs ? names(version.plan().sinks(), number) : Map.of(),
                beforeMillis,
                reachMillis,
                replay,
                replay == null ? Phase.RESOLVING : Phase.READING,
                at,
                null,
                "",
                slice,
                letters);
    }

    private static Map<String, String> names(List<String> sinks, int number) {
        Map<String, String> names = new TreeMap<>();
        sinks.forEach(sink -> names.put(sink, sink + ".s" + number));
        return names;
    }

    /// Rows that the code cannot process. Dead letters that fail again go back to where they came from.
    public String deadLetterTopic() {
        return letters == null
                ? ownDeadLetterTopic()
                : applicationId.substring(0, applicationId.lastIndexOf('.')) + ".dlq";
    }

    /// The dead letter topic that goes with it.
    public String ownDeadLetterTopic() {
        return applicationId + ".dlq";
    }

    /// Whether records are fed straight into the live outputs.
    public boolean intoLiveOutputs() {
        return letters != null && outputs.isEmpty();
    }

    /// The operation that makes it.
    public Operation.Kind kind() {
        if (letters != null) {
            return Operation.Kind.REDRIVE;
        }
        return slice == null ? Operation.Kind.SNAPSHOT : Operation.Kind.BACKFILL;
    }

    /// Whether something of it still runs, or has to be removed.
    public boolean running() {
        return switch (phase) {
            case RESOLVING, READING, WRITTEN, PUBLISHED -> true;
            case DONE, FAILED -> false;
        };
    }

    Snapshot cut(Replay at, @Nullable Slice published) {
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
                problem,
                published == null ? slice : published,
                letters);
    }

    Snapshot in(Phase next, @Nullable Instant at, String why) {
        return new Snapshot(
                number,
                version,
                applicationId,
                outputs,
                beforeMillis,
                reachMillis,
                replay,
                next,
                asked,
                at,
                why,
                slice,
                letters);
    }

    /// One that has failed goes on where it was.
    Snapshot resumed() {
        return in(replay == null ? Phase.RESOLVING : Phase.READING, null, "");
    }
}
