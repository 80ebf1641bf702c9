package io.weir.log.rest;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Server-sent events to one client.
final class EventStream implements TailStream.Client {
    private final SseEventSink sink;
    private final Sse sse;
    private final Runnable cutConnection;

    EventStream(SseEventSink sink, Sse sse, Runnable cutConnection) {
        this.sink = sink;
        this.sse = sse;
        this.cutConnection = cutConnection;
    }

    @Override
    public boolean isGone() {
        return sink.isClosed();
    }

    @Override
    public CompletionStage<?> send(String event, String id, String data) {
        OutboundSseEvent.Builder builder = sse.newEventBuilder().id(id).data(String.class, data);
        return send(event.isEmpty() ? builder.build() : builder.name(event).build());
    }

    @Override
    public CompletionStage<?> comment(String text, String id) {
        return send(sse.newEventBuilder().id(id).comment(text).build());
    }

    @Override
    public void close() {
        sink.close();
    }

    @Override
    public void cut() {
        cutConnection.run();
    }

    private CompletionStage<?> send(OutboundSseEvent event) {
        try {
            return sink.send(event);
        } catch (IllegalStateException e) {
            // the client left between the look and the send
            return CompletableFuture.failedFuture(e);
        }
    }
}
