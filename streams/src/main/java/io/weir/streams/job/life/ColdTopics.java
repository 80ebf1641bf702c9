package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.replay.ColdReadException;
import io.weir.streams.replay.ColdReader;
import io.weir.streams.replay.ReplayTier;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides where a replay reads history: from the archive when any of it is there. Safe for use by any
/// thread.
///
/// @param archive null where there is none
/// @param foldAbsence why columns cannot be folded here; empty if they can
record ColdTopics(@Nullable ColdReader archive, Supplier<Optional<String>> foldAbsence) {
    private static final Logger LOG = LoggerFactory.getLogger(ColdTopics.class);

    /// @param from first offsets to be read, by `topic-partition`
    /// @param wanted empty to choose
    /// @param foldRefusal why this history must not be folded from columns; empty if it may be
    /// @throws WeirException `tier-refused` (409) when T2 or T3 is wanted and nothing of the range is archived,
    ///     or T3 and the history cannot be folded
    ReplayTier tier(
            String job,
            Collection<String> sources,
            Map<String, Long> from,
            Optional<ReplayTier> wanted,
            Optional<String> foldRefusal) {
        ReplayTier most = wanted.orElse(ReplayTier.T3);
        if (most == ReplayTier.T1) {
            return ReplayTier.T1;
        }
        Optional<String> notFolded = foldRefusal.or(foldAbsence);
        if (wanted.isPresent() && most == ReplayTier.T3 && notFolded.isPresent()) {
            throw refusal(
                    job,
                    "tier T3 folds the archive's columns, which needs proof that nothing differs: " + notFolded.get()
                            + ". Use tier T2 or auto.");
        }
        try {
            if (archive != null && sources.stream().anyMatch(topic -> isArchived(archive, topic, from))) {
                return notFolded.isPresent() ? ReplayTier.T2 : most;
            }
        } catch (ColdReadException e) {
            if (wanted.isPresent()) {
                throw notArchived(job, most, "the archive does not answer: " + e.getMessage());
            }
            LOG.warn("Archive does not answer, the replay reads through the broker cause={}", e.getMessage());
        }
        if (wanted.isPresent()) {
            throw notArchived(
                    job,
                    most,
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

    private static WeirException notArchived(String job, ReplayTier tier, String why) {
        return refusal(job, "tier " + tier + " reads from the archive, and " + why + ". Use tier T1 or auto.");
    }

    private static WeirException refusal(String job, String why) {
        return new WeirException("tier-refused", Whose.USER, 409, "Job '" + job + "': " + why, null);
    }
}
