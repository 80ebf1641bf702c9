package io.weir.log.read;

import io.weir.log.admin.Topics;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import java.time.Clock;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;

/// Reads bounded ranges of a topic. Keeps nothing between two reads, so that a client may send the next one to
/// any node. Each read assigns a consumer of its own, without a group.
///
/// Safe for use by any thread; a read blocks its caller up to the bounds' time.
public final class RangeReader {
    /// Below it a larger fetch costs more than it saves.
    private static final int FEWEST_PER_POLL = 100;

    private static final int MOST_PER_POLL = 2_000;

    private final Consumers consumers;
    private final Starts starts;
    private final Clock clock;

    /// @param topics of the same cluster; not closed here
    public RangeReader(LogConnection connection, Topics topics, Clock clock) {
        this.consumers = new Consumers(connection);
        this.starts = new Starts(topics, new LastRecords(consumers));
        this.clock = clock;
    }

    /// @throws WeirException `topic-not-found`, `partition-not-found`, `read-offset-needs-partition`,
    ///     `read-failed`
    /// @throws OffsetOutsideLog when the given offset is not in the log
    public RecordPage read(RangeQuery query) {
        ReadTime time = ReadTime.of(clock, query.bounds().time());
        Starts.Resolved resolved = starts.resolve(query, time);
        RangeQuery effective = query.start() instanceof StartPosition.Time instant
                ? query.matching(query.filter().withNotBefore(instant.notBefore()))
                : query;
        PageInProgress page = new PageInProgress(effective, resolved);
        int perPoll = Math.clamp(query.bounds().records(), FEWEST_PER_POLL, MOST_PER_POLL);
        try (Consumer<byte[], byte[]> consumer = consumers.open(query.isolation(), perPoll)) {
            return page.fill(consumer, time);
        } catch (OffsetOutOfRangeException e) {
            // what was there a moment ago was deleted meanwhile
            TopicPartition partition = e.partitions().iterator().next();
            OffsetRange log = Objects.requireNonNull(
                    starts.resolve(fromStart(query), time).log().get(partition));
            throw new OffsetOutsideLog(partition, page.next(partition), log);
        } catch (AuthorizationException e) {
            throw new WeirException(
                    "not-allowed", Whose.USER, 403, "Topic '" + query.topic() + "': reading is not allowed.", e);
        } catch (KafkaException e) {
            throw new WeirException(
                    "read-failed",
                    Whose.EXTERNAL,
                    "Topic '" + query.topic() + "': it could not be read: " + e.getMessage(),
                    e);
        }
    }

    private static RangeQuery fromStart(RangeQuery query) {
        return query.from(new StartPosition.Earliest());
    }
}
