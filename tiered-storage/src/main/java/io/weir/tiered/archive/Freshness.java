package io.weir.tiered.archive;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes active segments whose records have waited too long for the archive: a broker copies closed segments only,
/// and a quiet partition closes none by itself. One thread.
public final class Freshness {
    private static final Logger LOG = LoggerFactory.getLogger(Freshness.class);

    private final Roller roller;
    private final Clock clock;
    /// The log's end at the last roll: until the archive has reached it, another roll would not help.
    private final Map<TopicPartition, Long> rolledAt = new HashMap<>();

    /// Closes the active segment of a partition.
    @FunctionalInterface
    public interface Roller {
        /// @return false when that is another node's to do
        boolean roll(String topic, int partition);
    }

    public Freshness(Roller roller, Clock clock) {
        this.roller = roller;
        this.clock = clock;
    }

    /// @param lags as of the last look
    /// @param limit by topic: how long a record may wait
    public void look(List<PartitionLag> lags, Function<String, Duration> limit) {
        Instant now = clock.instant();
        Set<TopicPartition> present = new HashSet<>();
        for (PartitionLag lag : lags) {
            TopicPartition partition = new TopicPartition(lag.topic(), lag.partition());
            present.add(partition);
            boolean waiting = rolledAt.getOrDefault(partition, 0L) > lag.tieredTo();
            if (lag.records() > 0 && !waiting && lag.age(now).compareTo(limit.apply(lag.topic())) >= 0) {
                roll(partition, lag);
            }
        }
        rolledAt.keySet().retainAll(present);
    }

    private void roll(TopicPartition partition, PartitionLag lag) {
        if (roller.roll(lag.topic(), lag.partition())) {
            rolledAt.put(partition, lag.end());
            LOG.debug("Active segment closed for the archive partition={} end={}", partition, lag.end());
        }
    }
}
