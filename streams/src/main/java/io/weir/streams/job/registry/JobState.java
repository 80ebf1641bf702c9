package io.weir.streams.job.registry;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.Map;

/// Where one version of a job stands, as all nodes see it.
///
/// ```
/// Planned -> Starting -> Live -> Retired
///               ^  \      /
///        start  |   v    v       stop, failure
///            Stopped   Failed
/// ```
///
/// Replaying, CatchingUp and Shadow will stand between Starting and Live, Warm between Live and Retired. What
/// this node's runner is doing (restoring 12 000 rows) is not in here: it changes too often and differs between
/// nodes.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(JobState.Planned.class),
    @JsonSubTypes.Type(JobState.Starting.class),
    @JsonSubTypes.Type(JobState.Live.class),
    @JsonSubTypes.Type(JobState.Stopped.class),
    @JsonSubTypes.Type(JobState.Failed.class),
    @JsonSubTypes.Type(JobState.Retired.class)
})
public sealed interface JobState {
    /// When the version came into this state.
    Instant since();

    /// Whether nodes with the role `jobs` run the version.
    default boolean shouldRun() {
        return switch (this) {
            case Starting starting -> true;
            case Live live -> true;
            case Planned planned -> false;
            case Stopped stopped -> false;
            case Failed failed -> false;
            case Retired retired -> false;
        };
    }

    /// In upper case, as users see it: `LIVE`.
    default String label() {
        return switch (this) {
            case Planned planned -> "PLANNED";
            case Starting starting -> "STARTING";
            case Live live -> "LIVE";
            case Stopped stopped -> "STOPPED";
            case Failed failed -> "FAILED";
            case Retired retired -> "RETIRED";
        };
    }

    /// Known, never started.
    @JsonTypeName("planned")
    record Planned(Instant since) implements JobState {}

    /// To be run; not yet seen running.
    @JsonTypeName("starting")
    record Starting(Instant since) implements JobState {}

    /// Runs and writes the job's real outputs.
    @JsonTypeName("live")
    record Live(Instant since) implements JobState {}

    /// Stopped by a user. Offsets and state are kept.
    ///
    /// @param positions what the group had committed, key `topic-partition`; written back at the start when the
    ///     broker has forgotten the silent group. Empty until the last member has left
    @JsonTypeName("stopped")
    record Stopped(Instant since, Map<String, Position> positions) implements JobState {
        public Stopped {
            positions = Map.copyOf(positions);
        }
    }

    /// Ended by itself.
    @JsonTypeName("failed")
    record Failed(Instant since, Failure failure) implements JobState {}

    /// Being removed; never to run again.
    @JsonTypeName("retired")
    record Retired(Instant since) implements JobState {}

    /// @param offset next offset to be read
    /// @param metadata what Kafka Streams has committed beside the offset: the partition's time. Opaque
    record Position(long offset, String metadata) {}
}
