package io.weir.streams.job.registry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Where one version of a job stands, as all nodes see it.
///
/// ```
/// Planned -> Starting -> Replaying -> CatchingUp -> Shadow -> Live <-> Warm -> Retired
///               \___________________________________________/
///                 a first version, or one that takes over another's state, is live at once
///
/// Starting, Replaying .. Warm -> Stopped | Failed -> Starting
/// ```
///
/// Stopped and failed versions remember what they were. What this node's runner is doing (restoring 12 000 rows)
/// is not in here: it changes too often and differs between nodes.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(JobState.Planned.class),
    @JsonSubTypes.Type(JobState.Starting.class),
    @JsonSubTypes.Type(JobState.Replaying.class),
    @JsonSubTypes.Type(JobState.CatchingUp.class),
    @JsonSubTypes.Type(JobState.Shadow.class),
    @JsonSubTypes.Type(JobState.Live.class),
    @JsonSubTypes.Type(JobState.Warm.class),
    @JsonSubTypes.Type(JobState.Stopped.class),
    @JsonSubTypes.Type(JobState.Failed.class),
    @JsonSubTypes.Type(JobState.Retired.class)
})
public sealed interface JobState {
    /// When the version came into this state.
    Instant since();

    /// What a version that is not running will be once it runs.
    enum Aim {
        REPLAYING,
        SHADOW,
        LIVE,
        WARM
    }

    /// Whether nodes with the role `jobs` run the version.
    default boolean shouldRun() {
        return switch (this) {
            case Starting starting -> true;
            case Replaying replaying -> true;
            case CatchingUp catchingUp -> true;
            case Shadow shadow -> true;
            case Live live -> true;
            case Warm warm -> true;
            case Planned planned -> false;
            case Stopped stopped -> false;
            case Failed failed -> false;
            case Retired retired -> false;
        };
    }

    /// Whether history is read in order of event time: until the version has caught up.
    default boolean replays() {
        return switch (this) {
            case Starting starting -> starting.aim() == Aim.REPLAYING;
            case Replaying replaying -> true;
            case CatchingUp catchingUp -> true;
            case Shadow shadow -> false;
            case Live live -> false;
            case Warm warm -> false;
            case Planned planned -> false;
            case Stopped stopped -> false;
            case Failed failed -> false;
            case Retired retired -> false;
        };
    }

    /// What the version is to be again after it was stopped or has failed; empty for one that never ran or is gone.
    default Optional<Aim> comesBackAs() {
        return switch (this) {
            case Planned planned -> Optional.empty();
            case Starting starting -> Optional.of(starting.aim());
            case Replaying replaying -> Optional.of(Aim.REPLAYING);
            case CatchingUp catchingUp -> Optional.of(Aim.REPLAYING);
            case Shadow shadow -> Optional.of(Aim.SHADOW);
            case Live live -> Optional.of(Aim.LIVE);
            case Warm warm -> Optional.of(Aim.WARM);
            case Stopped stopped -> Optional.of(stopped.aim());
            case Failed failed -> Optional.of(failed.aim());
            case Retired retired -> Optional.empty();
        };
    }

    /// In upper case, as users see it: `LIVE`.
    default String label() {
        return switch (this) {
            case Planned planned -> "PLANNED";
            case Starting starting -> "STARTING";
            case Replaying replaying -> "REPLAYING";
            case CatchingUp catchingUp -> "CATCHING_UP";
            case Shadow shadow -> "SHADOW";
            case Live live -> "LIVE";
            case Warm warm -> "WARM";
            case Stopped stopped -> "STOPPED";
            case Failed failed -> "FAILED";
            case Retired retired -> "RETIRED";
        };
    }

    /// Known, never started.
    @JsonTypeName("planned")
    record Planned(Instant since) implements JobState {}

    /// To be run; not yet seen running.
    ///
    /// @param aim what it becomes once it runs
    @JsonTypeName("starting")
    record Starting(Instant since, Aim aim) implements JobState {}

    /// Reads history up to where its sources ended when the replay was asked for; writes outputs of its own.
    @JsonTypeName("replaying")
    record Replaying(Instant since) implements JobState {}

    /// Has read that history and follows what came meanwhile.
    @JsonTypeName("catchingUp")
    record CatchingUp(Instant since) implements JobState {}

    /// Follows its sources and writes outputs of its own; may be compared and promoted.
    @JsonTypeName("shadow")
    record Shadow(Instant since) implements JobState {}

    /// Runs and writes the job's real outputs.
    @JsonTypeName("live")
    record Live(Instant since) implements JobState {}

    /// Was live, follows its sources into outputs of its own, and can be live again.
    @JsonTypeName("warm")
    record Warm(Instant since) implements JobState {}

    /// Stopped by a user. Offsets and state are kept.
    ///
    /// @param positions what the group had committed, key `topic-partition`; written back at the start when the
    ///     broker has forgotten the silent group. Empty until the last member has left
    /// @param aim what it becomes when it is started again
    /// @param resting whether the last member has left the group
    @JsonTypeName("stopped")
    record Stopped(Instant since, Map<String, Position> positions, Aim aim, boolean resting) implements JobState {
        public Stopped {
            positions = Map.copyOf(positions);
        }
    }

    /// Ended by itself.
    ///
    /// @param aim what it becomes when it is started again
    @JsonTypeName("failed")
    record Failed(Instant since, Failure failure, Aim aim) implements JobState {}

    /// Being removed; never to run again.
    @JsonTypeName("retired")
    record Retired(Instant since) implements JobState {}

    /// @param offset next offset to be read
    /// @param metadata what Kafka Streams has committed beside the offset: the partition's time. Opaque
    record Position(long offset, String metadata) {}
}
