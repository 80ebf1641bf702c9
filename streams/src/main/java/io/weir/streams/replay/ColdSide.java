package io.weir.streams.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of a consumer's partitions are read from the archive just now, and how far. Used by one thread.
///
/// ```
/// unplaced --position known--> cold --part that is last, failure--> hot
///                               ^                                   |
///                               +--- a minute later, in history ----+
/// ```
///
/// A cold partition is paused in the delegate, which keeps its position of before; at the hand-over it is sought to
/// the offset behind the last archived record that was taken. So every offset comes from one of the two, once.
final class ColdSide implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ColdSide.class);
    private static final long LOOK_AGAIN_MILLIS = 60_000;

    private final Consumer<byte[], byte[]> delegate;
    private final ReplayControl control;
    private final ColdPrefetch prefetch;
    private final Map<TopicPartition, Place> places = new HashMap<>();

    private enum Phase {
        UNPLACED,
        COLD,
        HOT
    }

    private static final class Place {
        Phase phase = Phase.UNPLACED;

        /// Of a cold partition: offset behind what was taken.
        long next;

        /// Of a hot partition: when the archive is asked again.
        long lookAgainMillis;

        /// Whether the broker has not yet said how far it is.
        boolean endUnknown;
    }

    ColdSide(Consumer<byte[], byte[]> delegate, ReplayControl control, ColdSource source) {
        this.delegate = delegate;
        this.control = control;
        this.prefetch = new ColdPrefetch(
                source, "weir-replay-cold-" + delegate.groupMetadata().groupId());
    }

    /// Partitions begin anew at the delegate's position, which need not be known yet.
    void begin(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            prefetch.drop(partition);
            places.put(partition, new Place());
            control.cold(partition, false);
        }
    }

    void drop(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            prefetch.drop(partition);
            places.remove(partition);
            control.cold(partition, false);
        }
    }

    /// Opens what has a position by now, and what may be in the archive by now.
    void place(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            Place place = places.computeIfAbsent(partition, unknown -> new Place());
            if (place.phase == Phase.UNPLACED || isToBeAskedAgain(place)) {
                open(partition, place);
            }
        }
    }

    private boolean isToBeAskedAgain(Place place) {
        return place.phase == Phase.HOT && control.nowMillis() >= place.lookAgainMillis;
    }

    private void open(TopicPartition partition, Place place) {
        long position;
        try {
            position = delegate.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            return; // the delegate asks its group in its next poll
        }
        if (place.phase == Phase.HOT && position >= control.endOf(partition)) {
            // history is read; what comes now is at the broker
            place.lookAgainMillis = Long.MAX_VALUE;
            return;
        }
        place.next = position;
        place.phase = Phase.COLD;
        control.cold(partition, true);
        prefetch.open(partition, place.next);
    }

    /// Whether the delegate must not fetch it.
    boolean withholds(TopicPartition partition) {
        Place place = places.get(partition);
        return place != null && place.phase != Phase.HOT;
    }

    boolean isCold(TopicPartition partition) {
        Place place = places.get(partition);
        return place != null && place.phase == Phase.COLD;
    }

    /// Where a cold partition is; empty for every other.
    OptionalLong position(TopicPartition partition) {
        Place place = places.get(partition);
        return place != null && place.phase == Phase.COLD ? OptionalLong.of(place.next) : OptionalLong.empty();
    }

    /// Whether it cannot be told yet if a partition is at its end.
    boolean endIsUnknown(TopicPartition partition) {
        Place place = places.get(partition);
        if (place == null) {
            return false;
        }
        if (place.endUnknown && delegate.currentLag(partition).isPresent()) {
            place.endUnknown = false;
        }
        return place.phase != Phase.HOT || place.endUnknown;
    }

    /// Gives a cold partition what was read of it.
    void refill(TopicPartition partition, HeldRecords held, long notBeforeMillis) {
        Place place = places.get(partition);
        while (place != null && place.phase == Phase.COLD && !held.enough()) {
            try {
                ColdRecords.Part part = prefetch.take(partition).orElse(null);
                if (part == null) {
                    return;
                }
                held.add(part.records(), notBeforeMillis);
                held.after(new OffsetAndMetadata(part.next()));
                place.next = part.next();
                control.countCold(partition, part);
                if (part.last()) {
                    LOG.info("Replay goes on at the broker partition={} offset={}", partition, place.next);
                    handOver(partition, place);
                }
            } catch (ColdReadException e) {
                LOG.warn(
                        "Archive cannot be read, the replay goes on at the broker partition={} offset={} cause={}",
                        partition,
                        place.next,
                        e.getMessage());
                LOG.debug("Archive cannot be read", e);
                handOver(partition, place);
            }
        }
    }

    private void handOver(TopicPartition partition, Place place) {
        prefetch.drop(partition);
        if (delegate.position(partition) != place.next) {
            delegate.seek(partition, place.next);
            place.endUnknown = true;
        }
        place.phase = Phase.HOT;
        place.lookAgainMillis = control.nowMillis() + LOOK_AGAIN_MILLIS;
        control.cold(partition, false);
    }

    /// Waits until something of cold partitions can be taken, at most so long.
    ///
    /// @param wanted partitions that nothing is held of
    /// @return whether any of them is cold
    boolean await(Collection<TopicPartition> wanted, Duration most) {
        List<TopicPartition> cold = new ArrayList<>(wanted);
        cold.removeIf(partition -> !isCold(partition));
        if (cold.isEmpty()) {
            return false;
        }
        prefetch.await(cold, most);
        return true;
    }

    @Override
    public void close() {
        prefetch.close();
    }
}
