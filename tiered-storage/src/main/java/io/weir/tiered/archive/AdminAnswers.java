package io.weir.tiered.archive;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Waits for answers of the Admin client and translates its failures.
final class AdminAnswers {
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private AdminAnswers() {}

    /// @throws NoSuchTopicException the log does not know the topic
    /// @throws ArchiveUnavailableException anything else
    static <T> T about(String topic, KafkaFuture<T> answer) {
        try {
            return answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException
                    || e.getCause() instanceof InvalidTopicException) {
                throw new NoSuchTopicException(topic);
            }
            throw new ArchiveUnavailableException("Topic '" + topic + "': " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ArchiveUnavailableException(
                    "Topic '" + topic + "': the log did not answer within " + DEADLINE + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArchiveUnavailableException("Topic '" + topic + "': interrupted while asking the log.", e);
        }
    }
}
