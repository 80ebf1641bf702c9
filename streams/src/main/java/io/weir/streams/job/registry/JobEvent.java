package io.weir.streams.job.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.job.registry.JobState.Position;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What happened to a job. Handlers decide on one, [Job#apply] turns it into the job's next value.
public sealed interface JobEvent {
    Instant at();

    /// Shown to users as the job's last event.
    default String sentence() {
        return switch (this) {
            case Deployed deployed -> "version " + deployed.version().number() + " deployed";
            case Added added -> "version " + added.version().number() + " planned";
            case TookOver took -> "version " + took.version() + " deployed, takes over state";
            case ReplayAsked replay -> "replay of version " + replay.version() + " requested";
            case ReplayTuned tuned -> "replay of version " + tuned.version() + (tuned.paused() ? " paused" : " tuned");
            case StartAsked start -> "start requested";
            case RestartAsked restart -> "restart of version " + restart.version() + " requested";
            case Restarted restarted -> "restarted by itself (" + restarted.attempt() + ")";
            case Moved moved ->
                "version " + moved.version() + " is "
                        + moved.state().label().toLowerCase(Locale.ROOT).replace('_', ' ');
            case StopAsked stop -> "stop requested";
            case CameToRest rest -> "version " + rest.version() + " stopped";
            case Broke broke -> "failed: " + broke.failure().cause();
            case CompareAsked compare -> "compare with version " + compare.version() + " requested";
            case CutOverAsked cutOver ->
                cutOver.kind().name().toLowerCase(Locale.ROOT) + " of version " + cutOver.version() + " requested";
            case Stood stood -> "version " + stood.version() + " stands still";
            case BarrierSet barrier -> "barrier set";
            case OutputsMarked marked -> "both versions stand at the barrier";
            case CutOver cutOver -> "version " + cutOver.version() + " is live";
            case RetireAsked retire -> "retirement of version " + retire.version() + " requested";
            case VersionGone gone -> "version " + gone.version() + " removed";
            case SnapshotAsked asked -> named(asked.snapshot()) + " requested";
            case SnapshotCut cut -> "snapshot " + cut.number() + " knows where it ends";
            case SnapshotWritten written -> "snapshot " + written.number() + " is written";
            case SnapshotPublished published -> "snapshot " + published.number() + " is published";
            case SnapshotDone done -> "snapshot " + done.number() + " is done";
            case SnapshotBroke broke -> "snapshot " + broke.number() + " failed: " + broke.why();
            case SnapshotGone gone -> "snapshot " + gone.number() + " removed";
            case DeleteAsked delete -> "delete requested";
            case RemovalFailed failed -> "delete failed: " + failed.cause();
            case OperationEnded ended ->
                ended.id() + " " + ended.outcome().name().toLowerCase(Locale.ROOT)
                        + (ended.why().isEmpty() ? "" : ": " + ended.why());
        };
    }

    private static String named(Snapshot snapshot) {
        return snapshot.kind().name().toLowerCase(Locale.ROOT) + " " + snapshot.number();
    }

    /// A first version was accepted and is to run.
    record Deployed(Instant at, JobVersion version, Map<String, String> request) implements JobEvent {}

    /// A further version was accepted.
    record Added(Instant at, JobVersion version) implements JobEvent {}

    /// A version with an equal plan goes on with the live version's group and state.
    record TookOver(Instant at, int version, Map<String, String> request) implements JobEvent {
        /// As it was asked for.
        public TookOver with(Map<String, String> asGiven) {
            return new TookOver(at, version, asGiven);
        }
    }

    /// A version is to read history beside the live one.
    record ReplayAsked(Instant at, int version, Replay replay, Map<String, String> request) implements JobEvent {}

    /// @param rate see [Replay]
    /// @param paused see [Replay]
    record ReplayTuned(Instant at, int version, long rate, boolean paused) implements JobEvent {}

    /// A user wants the stopped or failed job to run.
    record StartAsked(Instant at, Map<String, String> request) implements JobEvent {
        /// As it was asked for.
        public StartAsked with(Map<String, String> asGiven) {
            return new StartAsked(at, asGiven);
        }
    }

    /// A user wants one failed version to run again.
    record RestartAsked(Instant at, int version) implements JobEvent {}

    /// A failed version gets another try without being asked.
    record Restarted(Instant at, int version, int attempt) implements JobEvent {}

    /// A running version has come further.
    record Moved(Instant at, int version, JobState state) implements JobEvent {}

    /// A user wants the job to stop, with all its versions.
    record StopAsked(Instant at, Map<String, String> request) implements JobEvent {
        /// As it was asked for.
        public StopAsked with(Map<String, String> asGiven) {
            return new StopAsked(at, asGiven);
        }
    }

    /// The last member of a stopping version has left its group.
    record CameToRest(Instant at, int version, Map<String, Position> positions) implements JobEvent {
        public CameToRest {
            positions = Map.copyOf(positions);
        }
    }

    /// A runner ended by itself.
    ///
    /// @param steady whether it had run long enough for earlier failures to be forgotten
    record Broke(Instant at, int version, Failure failure, boolean steady) implements JobEvent {}

    /// Two versions' results are to be compared.
    record CompareAsked(Instant at, int version, Map<String, String> request) implements JobEvent {}

    /// A version is to become live.
    ///
    /// @param kind promote or rollback
    /// @param hold whether both versions have to stand still for it
    record CutOverAsked(Instant at, Operation.Kind kind, int version, Map<String, String> request, boolean hold)
            implements JobEvent {}

    /// A version stands still on some node.
    record Stood(Instant at, int version, Map<String, Long> positions) implements JobEvent {}

    /// Where both versions shall stop is decided.
    record BarrierSet(Instant at, Map<String, Long> barrier) implements JobEvent {}

    /// Both versions stand at the barrier and have written everything up to it.
    record OutputsMarked(Instant at, Map<String, Long> ends) implements JobEvent {}

    /// A version became live and the live one warm, at once.
    ///
    /// @param winner where the new live version writes
    /// @param loser where the warm one does
    record CutOver(Instant at, String id, int version, Outputs winner, Outputs loser, Instant until, JsonNode result)
            implements JobEvent {}

    /// A version that is not live is to be removed.
    record RetireAsked(Instant at, int version, Map<String, String> request) implements JobEvent {
        /// As it was asked for.
        public RetireAsked with(Map<String, String> asGiven) {
            return new RetireAsked(at, version, asGiven);
        }
    }

    /// Nothing of a version is left.
    record VersionGone(Instant at, int version, JsonNode result) implements JobEvent {}

    /// A run over history that comes to an end is wanted, or is to go on after it has failed.
    record SnapshotAsked(Instant at, Snapshot snapshot, Map<String, String> request) implements JobEvent {}

    /// The offsets at which a snapshot ends were found.
    ///
    /// @param slice what is published, when that was found with them; null otherwise
    record SnapshotCut(
            Instant at, int number, Replay replay, @Nullable Slice slice) implements JobEvent {}

    /// Every row of a snapshot is written.
    record SnapshotWritten(Instant at, int number) implements JobEvent {}

    /// The part of the rows that is published stands where readers look.
    record SnapshotPublished(Instant at, int number, JsonNode result) implements JobEvent {}

    /// A snapshot is complete, and nothing but its results is left of it.
    record SnapshotDone(Instant at, int number, JsonNode result) implements JobEvent {}

    /// A snapshot has failed, or was cancelled.
    record SnapshotBroke(Instant at, int number, Operation.Outcome outcome, String why) implements JobEvent {}

    /// Nothing of a snapshot is left.
    record SnapshotGone(Instant at, int number) implements JobEvent {}

    /// A user wants the job gone.
    record DeleteAsked(Instant at) implements JobEvent {}

    /// Something could not be removed; a later delete goes on.
    record RemovalFailed(Instant at, String cause) implements JobEvent {}

    /// An operation has ended that changes no version.
    record OperationEnded(Instant at, String id, Operation.Outcome outcome, String why, JsonNode result)
            implements JobEvent {}
}
