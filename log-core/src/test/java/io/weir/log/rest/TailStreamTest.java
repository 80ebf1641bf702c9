package io.weir.log.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.log.read.OffsetVector;
import io.weir.log.read.ReadRecord;
import io.weir.log.read.Tail;
import io.weir.log.read.TailEvent;
import io.weir.log.record.RecordContent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.WakeupException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TailStreamTest {
    private static final TailSettings SETTINGS =
            new TailSettings(2, Duration.ofMillis(500), Duration.ofMillis(300), 10, 1_000);

    private final FakeTail tail = new FakeTail();

    @Test
    void eachRecordCarriesWhereToGoOn() {
        FakeClient client = new FakeClient(true);
        tail.say(arrived(0), arrived(1), new TailEvent.Skipped(0, 2, 5, new OffsetVector(Map.of(0, 5L))));

        new TailStream(tail, Decoding.AUTO, client, SETTINGS).run();

        assertThat(client.sent.get(0)).isEqualTo(":tail id=0=0");
        assertThat(client.sent.get(1)).startsWith(" id=0=1 {\"partition\":0,\"offset\":0");
        assertThat(client.sent.get(2)).startsWith(" id=0=2 {\"partition\":0,\"offset\":1");
        assertThat(client.sent.get(3)).isEqualTo("gap id=0=5 {\"partition\":0,\"from\":2,\"to\":5}");
        assertThat(client.closed).isTrue();
        assertThat(tail.closed).isTrue();
    }

    @Test
    void aSlowTailStopsReadingAndIsClosed() {
        FakeClient client = new FakeClient(false);
        for (int i = 0; i < 50; i++) {
            tail.say(arrived(i));
        }

        new TailStream(tail, Decoding.AUTO, client, SETTINGS).run();

        // one comment and what fits the window, then nothing but the reason
        assertThat(client.sent).hasSizeLessThanOrEqualTo(11);
        assertThat(client.sent.getLast()).startsWith("slow id=");
        assertThat(tail.events).as("records left in the log").isNotEmpty();
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> client.cut);
    }

    @Test
    void aSilentTailTellsThatItLives() {
        FakeClient client = new FakeClient(true);
        tail.emptyPolls = 3;

        new TailStream(tail, Decoding.AUTO, client, SETTINGS).run();

        assertThat(client.sent).contains(":still here id=0=0");
    }

    @Test
    void oneTooManyIsRefusedUntilAnotherEnds() throws Exception {
        try (OpenTails open = new OpenTails(SETTINGS)) {
            CountDownLatch release = new CountDownLatch(1);
            for (int i = 0; i < 2; i++) {
                FakeTail waiting = new FakeTail();
                waiting.release = release;
                open.admit(() -> new TailStream(waiting, Decoding.AUTO, new FakeClient(true), SETTINGS));
            }
            assertThat(open.count()).isEqualTo(2);

            assertThatThrownBy(() -> open.admit(() -> {
                        throw new AssertionError("must not be opened");
                    }))
                    .isInstanceOfSatisfying(
                            WeirException.class, e -> assertThat(e.status()).isEqualTo(429));
            release.countDown();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> open.count() == 0);
            FakeTail ending = new FakeTail();
            open.admit(() -> new TailStream(ending, Decoding.AUTO, new FakeClient(true), SETTINGS));
        }
    }

    @Test
    void anOpeningThatFailsGivesItsPlaceBack() {
        try (OpenTails open = new OpenTails(SETTINGS)) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> open.admit(() -> {
                            throw WeirException.notFound("topic-not-found", "Topic 'x': no such topic.");
                        }))
                        .hasMessage("Topic 'x': no such topic.");
            }
        }
    }

    @Test
    void anEventLargerThanTheWindowHasItForItself() throws Exception {
        SendWindow window = new SendWindow(10, 100);
        assertThat(window.enter(5_000, Duration.ofMillis(10))).isTrue();
        assertThat(window.enter(1, Duration.ofMillis(10))).isFalse();
        window.leave(5_000);
        assertThat(window.enter(100, Duration.ofMillis(10))).isTrue();
    }

    private static TailEvent arrived(long offset) {
        ReadRecord record = new ReadRecord(0, offset, Instant.EPOCH, new RecordContent(null, null, List.of()));
        return new TailEvent.Arrived(record, new OffsetVector(Map.of(0, offset + 1)));
    }

    private static final class FakeTail implements Tail {
        final List<TailEvent> events = new ArrayList<>();
        boolean closed;
        int emptyPolls;
        CountDownLatch release = new CountDownLatch(0);
        private OffsetVector vector = new OffsetVector(Map.of(0, 0L));

        void say(TailEvent... more) {
            events.addAll(List.of(more));
        }

        @Override
        public OffsetVector vector() {
            return vector;
        }

        @Override
        public List<TailEvent> poll(Duration atMost) {
            if (emptyPolls-- > 0) {
                return List.of();
            }
            if (events.isEmpty()) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new WakeupException();
            }
            TailEvent next = events.removeFirst();
            vector = next.next();
            return List.of(next);
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class FakeClient implements TailStream.Client {
        final List<String> sent = java.util.Collections.synchronizedList(new ArrayList<>());
        private final ConcurrentLinkedQueue<CompletableFuture<Void>> unread = new ConcurrentLinkedQueue<>();
        private final boolean reads;
        volatile boolean closed;
        volatile boolean cut;

        FakeClient(boolean reads) {
            this.reads = reads;
        }

        @Override
        public boolean isGone() {
            return false;
        }

        @Override
        public CompletionStage<?> send(String event, String id, String data) {
            return deliver(event + " id=" + id + " " + data);
        }

        @Override
        public CompletionStage<?> comment(String text, String id) {
            return deliver(":" + text + " id=" + id);
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void cut() {
            cut = true;
        }

        private CompletionStage<?> deliver(String line) {
            sent.add(line);
            CompletableFuture<Void> delivered = new CompletableFuture<>();
            if (reads) {
                delivered.complete(null);
            } else {
                unread.add(delivered);
            }
            return delivered;
        }
    }
}
