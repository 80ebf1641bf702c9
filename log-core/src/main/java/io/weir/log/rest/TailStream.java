package io.weir.log.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.read.Tail;
import io.weir.log.read.TailEvent;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One tail on its way to one client, on a thread of its own. Ends when the client leaves, does not read for too
/// long, the log fails, or the node stops.
final class TailStream implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TailStream.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_GRACE = Duration.ofSeconds(5);

    private final Tail tail;
    private final Decoding decoding;
    private final Client client;
    private final TailSettings settings;
    private final SendWindow window;
    private String idSent = "";
    private long silentPolls;

    TailStream(Tail tail, Decoding decoding, Client client, TailSettings settings) {
        this.tail = tail;
        this.decoding = decoding;
        this.client = client;
        this.settings = settings;
        this.window = new SendWindow(settings.windowEvents(), settings.windowBytes());
    }

    /// Who reads. Stages complete when the bytes have left the node.
    interface Client {
        boolean isGone();

        /// @param event its name; empty for plain records
        CompletionStage<?> send(String event, String id, String data);

        /// A line that clients ignore, and an id that they keep.
        CompletionStage<?> comment(String text, String id);

        void close();

        /// Ends the connection without waiting for what is still to be sent.
        void cut();
    }

    /// Makes the stream end soon. For any thread.
    void stop() {
        tail.wakeUp();
    }

    @Override
    public void run() {
        try (tail) {
            pump();
        } catch (WakeupException e) {
            LOG.debug("Tail was asked to end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (WeirException e) {
            failed(e);
        } catch (KafkaException e) {
            failed(new WeirException("read-failed", Whose.EXTERNAL, "Tail: it ended, " + e.getMessage(), e));
        } finally {
            client.close();
        }
    }

    private void pump() throws InterruptedException {
        boolean alive = comment("tail");
        while (alive && !client.isGone()) {
            alive = true;
            boolean sent = false;
            for (TailEvent event : tail.poll(POLL)) {
                boolean isSilent = event instanceof TailEvent.Moved;
                alive = alive && (isSilent || send(event));
                sent |= !isSilent;
            }
            silentPolls = sent ? 0 : silentPolls + 1;
            if (alive && POLL.multipliedBy(silentPolls).compareTo(settings.keepAlive()) >= 0) {
                silentPolls = 0;
                alive = comment("still here");
            }
        }
    }

    private boolean send(TailEvent event) throws InterruptedException {
        idSent = event.next().toString();
        return switch (event) {
            case TailEvent.Arrived arrived ->
                send("", RecordJson.of(arrived.record(), decoding).toString());
            case TailEvent.Skipped skipped -> {
                ObjectNode gap = V3.object()
                        .put("partition", skipped.partition())
                        .put("from", skipped.from())
                        .put("to", skipped.to());
                yield send("gap", gap.toString());
            }
            case TailEvent.Moved moved -> true;
        };
    }

    private boolean send(String name, String data) throws InterruptedException {
        if (!window.enter(data.length(), settings.patience())) {
            slow();
            return false;
        }
        leaveWhenSent(client.send(name, idSent, data), data.length());
        return true;
    }

    private boolean comment(String text) throws InterruptedException {
        idSent = tail.vector().toString();
        if (!window.enter(text.length(), settings.patience())) {
            slow();
            return false;
        }
        leaveWhenSent(client.comment(text, idSent), text.length());
        return true;
    }

    private void leaveWhenSent(CompletionStage<?> sent, int bytes) {
        CompletionStage<?> unused = sent.whenComplete((done, failure) -> window.leave(bytes));
    }

    /// Says so behind what is still on its way; a client that reads none of that either loses the connection.
    private void slow() {
        Duration grace = settings.patience().compareTo(LONGEST_GRACE) < 0 ? settings.patience() : LONGEST_GRACE;
        LOG.info(
                "Tail was closed, its client did not read for {} s",
                settings.patience().toSeconds());
        CompletableFuture<?> told = client.send(
                        "slow",
                        idSent,
                        "{\"patience_seconds\":" + settings.patience().toSeconds() + "}")
                .toCompletableFuture();
        CompletableFuture<?> unused =
                told.orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, failure) -> client.cut());
    }

    private void failed(WeirException failure) {
        LOG.info("Tail ended cause={}", failure.getMessage());
        CompletionStage<?> unused =
                client.send("error", idSent, Problem.of(failure).toJson("/v3"));
    }
}
