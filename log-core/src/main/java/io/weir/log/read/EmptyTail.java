package io.weir.log.read;

import io.weir.log.admin.Topics;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/// Tells whether a partition has nothing from an offset to its end, although its end is beyond.
///
/// Compaction may remove everything behind an offset. The broker answers a fetch there with nothing, again and
/// again, and a consumer's position stays where it is; a reader that follows positions would never end.
final class EmptyTail {
    private static final int POLLS = 6;
    private static final Duration POLL = Duration.ofMillis(250);

    private final Consumers consumers;
    private final Topics topics;

    EmptyTail(Consumers consumers, Topics topics) {
        this.consumers = consumers;
        this.topics = topics;
    }

    /// Asks with a consumer of its own that fetches at this offset alone. Such a consumer knows a lag only from
    /// an answer to that fetch, so a lag without a record proves the gap. In the archive a slow store answers
    /// with nothing too: there it is never proved.
    boolean isProved(TopicPartition partition, long offset, Isolation isolation) {
        Long firstLocal = topics.offsets(List.of(partition), OffsetSpec.earliestLocal(), isolation.level())
                .get(partition);
        if (firstLocal == null || offset < firstLocal) {
            return false;
        }
        try (Consumer<byte[], byte[]> consumer = consumers.open(isolation, 1)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, offset);
            for (int polls = 0; polls < POLLS; polls++) {
                if (!consumer.poll(POLL).isEmpty() || consumer.position(partition) != offset) {
                    return false;
                }
            }
            OptionalLong lag = consumer.currentLag(partition);
            return lag.isPresent() && lag.getAsLong() > 0;
        }
    }
}
