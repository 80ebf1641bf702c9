package io.weir.tiered.rest;

import io.weir.log.topic.TopicName;
import io.weir.tiered.query.AnswerSink;
import io.weir.tiered.query.SqlAnswer;
import io.weir.tiered.query.SqlEngine;
import io.weir.tiered.query.SqlRequest;
import io.weir.tiered.query.TopicCut;
import io.weir.tiered.query.process.RowSink.ResultColumn;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// An answer under way, handed from the thread that runs the statement to the one that writes to the client, with
/// one page in between. The reader either takes events to the end or closes the stream, which ends the statement.
final class SqlStream implements AnswerSink, AutoCloseable {
    /// What comes, in this order: Begin, Page*, then End or Failed; or Failed alone.
    sealed interface Event {}

    record Begin(String queryId, List<ResultColumn> columns, Map<TopicName, TopicCut> cut) implements Event {}

    @SuppressWarnings("ArrayRecordComponent") // a buffer on its way between two threads, never compared
    record Page(byte[] lines) implements Event {}

    record End(SqlAnswer answer) implements Event {}

    record Failed(Exception failure) implements Event {}

    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(1);
    private final Thread runner;

    private SqlStream(SqlEngine engine, SqlRequest request) {
        this.runner = Thread.ofVirtual().name("sql-statement").unstarted(() -> run(engine, request));
    }

    static SqlStream start(SqlEngine engine, SqlRequest request) {
        SqlStream stream = new SqlStream(engine, request);
        stream.runner.start();
        return stream;
    }

    private void run(SqlEngine engine, SqlRequest request) {
        try {
            try {
                events.put(new End(engine.run(request, this)));
            } catch (IOException | RuntimeException e) {
                events.put(new Failed(e));
            }
        } catch (InterruptedException e) {
            // The reader has gone: there is nobody to tell.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void begin(String queryId, List<ResultColumn> columns, Map<TopicName, TopicCut> cut) throws IOException {
        hand(new Begin(queryId, columns, cut));
    }

    @Override
    public void page(byte[] lines) throws IOException {
        hand(new Page(lines));
    }

    private void hand(Event event) throws IOException {
        try {
            events.put(event);
        } catch (InterruptedException e) {
            throw new IOException("The client has gone.", e);
        }
    }

    /// Blocks for the next event.
    Event next() throws IOException {
        try {
            return events.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for rows.", e);
        }
    }

    /// Ends the statement if it still runs.
    @Override
    public void close() {
        runner.interrupt();
    }
}
