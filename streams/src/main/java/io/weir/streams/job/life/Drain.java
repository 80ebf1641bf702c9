package io.weir.streams.job.life;

import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.JobState.Position;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Whether a group has taken in and committed all that it should. Safe for use by any thread; asks the log.
final class Drain {
    private final JobCluster cluster;
    private final ResultReader reader;

    Drain(JobCluster cluster, ResultReader reader) {
        this.cluster = cluster;
        this.reader = reader;
    }

    /// Whether everything up to some place is processed and committed: sources up to there, and internal
    /// topics to
    /// their
    /// ends, as often in a row as there are of them, because one may feed the next.
    ///
    /// @param at offset by `topic-partition`; of a partition that is missing nothing is asked
    boolean isAt(String group, Collection<String> sources, Map<String, Long> at) {
        Set<String> internal = new TreeSet<>(cluster.topics());
        internal.removeIf(topic -> !Removal.isInternal(group, topic) || topic.endsWith("-changelog"));
        for (int look = 0; look <= internal.size(); look++) {
            Map<String, Position> committed = cluster.committed(group);
            if (!reached(committed, cluster.starts(sources), at)
                    || !reached(committed, cluster.starts(internal), cluster.writtenEnds(internal))) {
                return false;
            }
        }
        return true;
    }

    private boolean reached(Map<String, Position> committed, Map<String, Long> starts, Map<String, Long> wanted) {
        for (Map.Entry<String, Long> start : starts.entrySet()) {
            String name = start.getKey();
            long end = wanted.getOrDefault(name, 0L);
            Position position = committed.get(name);
            long from = position == null ? start.getValue() : Math.max(start.getValue(), position.offset());
            if (from < end
                    && reader.holdsRecords(
                            Vectors.partition(name).topic(),
                            Vectors.partition(name).partition(),
                            from,
                            end)) {
                return false;
            }
        }
        return true;
    }
}
