package io.weir.log.produce;

import io.weir.log.cluster.LogConnection;
import java.util.concurrent.CompletionStage;

/// Writes records to any topic, acknowledged by all in-sync replicas and without duplicates from retries
/// (`acks=all` and idempotence are fixed).
///
/// Safe for use by any thread. Whoever opened it closes it.
public interface TopicWriter extends AutoCloseable {
    /// With the default settings.
    static TopicWriter open(LogConnection connection) {
        return open(connection, WriterSettings.defaults());
    }

    static TopicWriter open(LogConnection connection, WriterSettings settings) {
        return OrderedTopicWriter.open(connection, settings);
    }

    /// Hands a record over. Waits while the topic's metadata is unknown, the send buffer is full, or too many
    /// stages are incomplete, up to [WriterSettings#longestWait]: this is the back pressure, and a wait that is
    /// longer fails the stage.
    ///
    /// The stages of one calling thread complete in the order of its calls, all on the writer's own thread
    /// `weir-writer`. A dependent that blocks delays later stages, never the sending of records.
    ///
    /// @return completes exceptionally with [WriteFailed] only
    CompletionStage<Written> write(NewRecord record);

    /// Sends what was handed over, waits until its stages are complete, for at most
    /// [WriterSettings#delivery], and fails the rest. May be repeated.
    @Override
    void close();
}
