package io.weir.streams.job.life;

import io.weir.streams.job.registry.JobState.Position;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the life of a job asks the log for, beside what its runner does. Safe for use by any thread; every
/// method
/// may block for some seconds and throws [io.weir.log.fault.WeirException] `log-unreachable` (EXTERNAL) when
/// the
/// log does not answer.
public interface JobCluster {
    /// Names of all topics, internal ones too.
    Set<String> topics();

    /// Those of the topics that exist, with what matters to a job.
    Map<String, TopicFacts> describe(Collection<String> topics);

    /// @param partitions at least 1
    /// @param cleanupPolicy Kafka's `cleanup.policy`
    /// @param retentionMillis Kafka's `retention.ms`, -1 for ever
    record TopicFacts(int partitions, String cleanupPolicy, long retentionMillis) {
        /// Whether the broker removes records by their age, and so records of 2001 at once.
        public boolean deletesByAge() {
            return cleanupPolicy.contains("delete") && retentionMillis >= 0;
        }
    }

    /// Number of records that were written and not removed, control records included: an upper bound.
    long records(String topic);

    /// Whether the group has no member; true for an unknown group.
    boolean isIdle(String group);

    /// What the group has committed, by `topic-partition`; empty for an unknown group.
    Map<String, Position> committed(String group);

    /// Commits positions for a group without members.
    void commit(String group, Map<String, Position> positions);

    /// Records behind the group's position, by topic; a partition without a position counts whole.
    Map<String, Long> lag(String group, List<String> topics);

    /// First offsets that can be read, by `topic-partition`.
    Map<String, Long> starts(Collection<String> topics);

    /// Offsets behind the last that a reader of committed records can read, by `topic-partition`.
    Map<String, Long> ends(Collection<String> topics);

    /// Offsets behind the last that was written, by `topic-partition`. While a transaction is open, or its
    /// end has not
    /// reached all its partitions, this is more than [#ends].
    Map<String, Long> writtenEnds(Collection<String> topics);

    /// The first offset whose record is not older, by `topic-partition`; the end where there is none. A lower
    /// bound
    /// only: records behind it may be older, and markers of transactions count with the time they were
    /// written at.
    Map<String, Long> offsetsAt(Collection<String> topics, Instant time);

    /// Creates a topic for results with the partitions and the clean-up of another; one that exists is left
    /// as it is.
    void createLike(String topic, String model);

    /// Deletes a group; unknown ones are ignored.
    void deleteGroup(String group);

    /// Deletes topics; unknown ones are ignored.
    void deleteTopics(Collection<String> topics);
}
