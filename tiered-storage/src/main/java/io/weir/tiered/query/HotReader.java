package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.process.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// Reads offset ranges of a partition from the log, by an assigned consumer without a group. Thread-safe.
final class HotReader {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /// @param consumers with `isolation.level=read_committed` and `auto.offset.reset=none`; each is closed after use
    HotReader(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    /// Retention has moved the start of the log past an offset that was to be read.
    static final class OffsetsGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OffsetsGone(TopicName topic, int partition, Throwable cause) {
            super("Topic '" + topic + "', partition " + partition + ": offsets are gone.", cause);
        }
    }

    /// Writes the visible records of the range. Ends on the consumer's *position*, as the last offsets of a range are
    /// often a transaction's marker, for which no record ever comes.
    ///
    /// @param progress told the bytes written so far, from time to time; may throw to end the reading
    /// @throws OffsetsGone see there
    /// @throws WeirException `query-timeout`, `log-unavailable`
    List<HotChunk> read(
            TopicName topic,
            int partition,
            OffsetRange range,
            HotChunkWriter.Names names,
            LongConsumer progress,
            Deadline deadline) {
        TopicPartition source = new TopicPartition(topic.value(), partition);
        try (Consumer<byte[], byte[]> consumer = consumers.get();
                HotChunkWriter writer = new HotChunkWriter(partition, range.from(), names)) {
            boolean complete = false;
            try {
                consumer.assign(List.of(source));
                consumer.seek(source, range.from());
                while (consumer.position(source) < range.to()) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        if (record.offset() < range.to()) {
                            writer.write(record);
                        }
                    }
                    progress.accept(writer.bytes());
                    if (deadline.isOver()) {
                        throw timeout(topic, partition, consumer.position(source), range, deadline);
                    }
                }
                List<HotChunk> chunks = writer.finish(range.to());
                complete = true;
                return chunks;
            } finally {
                if (!complete) {
                    writer.abort();
                }
            }
        } catch (OffsetOutOfRangeException e) {
            throw new OffsetsGone(topic, partition, e);
        } catch (InterruptException e) {
            throw new WeirException("query-interrupted", Whose.EXTERNAL, "SQL: the node is stopping.", e);
        } catch (KafkaException e) {
            throw new WeirException(
                    "log-unavailable",
                    Whose.EXTERNAL,
                    "Topic '" + topic + "', partition " + partition + ": the log cannot be read: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new WeirException(
                    "query-disk",
                    Whose.EXTERNAL,
                    "SQL: the hot part of topic '" + topic + "' cannot be written to 'weir.sql.dir': " + e.getMessage(),
                    e);
        }
    }

    private static WeirException timeout(
            TopicName topic, int partition, long position, OffsetRange range, Deadline deadline) {
        return new WeirException(
                "query-timeout",
                Whose.USER,
                408,
                "SQL: the limit of " + deadline.limit().toMillis() + " ms was reached while reading topic '" + topic
                        + "', partition " + partition + ", at offset " + position + " of [" + range.from() + ", "
                        + range.to() + "). The next try goes on from what was read of other partitions; raise "
                        + "'timeoutMs', or tier the topic.",
                null);
    }
}
