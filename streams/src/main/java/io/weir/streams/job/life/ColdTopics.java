package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.replay.ColdReadException;
import io.weir.streams.replay.ColdReader;
import io.weir.streams.replay.ReplayTier;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides where a replay reads history: from the archive when any of it is there. Safe for use by any
/// thread.
///
/// @param archive null where there is none
record ColdTopics(@Nullable ColdReader archive) {
    private static final Logger LOG = LoggerFactory.getLogger(ColdTopics.class);

    /// @param from first offsets to be read, by `topic-partition`
    /// @param wanted empty to choose
    /// @throws WeirException `tier-refused` (409) when T2 is wanted and nothing of the range is archived
    ReplayTier tier(String job, Collection<String> sources, Map<String, Long> from, Optional<ReplayTier> wanted) {
        if (wanted.isPresent() && wanted.get() == ReplayTier.T1) {
            return ReplayTier.T1;
        }
        try {
            if (archive != null && sources.stream().anyMatch(topic -> isArchived(archive, topic, from))) {
                return ReplayTier.T2;
            }
        } catch (ColdReadException e) {
            if (wanted.isPresent()) {
                throw refusal(job, "the archive does not answer: " + e.getMessage());
            }
            LOG.warn("Archive does not answer, the replay reads through the broker cause={}", e.getMessage());
        }
        if (wanted.isPresent()) {
            throw refusal(
                    job,
                    archive == null
                            ? "this node has no archive"
                            : "nothing of the range is archived of " + sources + "; './weir tier now' archives it");
        }
        return ReplayTier.T1;
    }

    private static boolean isArchived(ColdReader archive, String topic, Map<String, Long> from) {
        for (Map.Entry<TopicPartition, Long> end : archive.ends(topic).entrySet()) {
            if (end.getValue() > from.getOrDefault(end.getKey().toString(), 0L)) {
                return true;
            }
        }
        return false;
    }

    private static WeirException refusal(String job, String why) {
        return new WeirException(
                "tier-refused",
                Whose.USER,
                409,
                "Job '" + job + "': tier T2 reads from the archive, and " + why + ". Use tier T1 or auto.",
                null);
    }
}
