package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.archive.ReadAhead.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final int LAST = 99;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final ReadAhead ahead = new ReadAhead(1 << 20, PATIENCE, threads);
    private final Position start = new Position(new UUID(1, 2), 0, 0);

    /// Ordinals that were rebuilt ahead.
    private final Queue<Integer> rebuiltAhead = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        ahead.close();
    }

    @Test
    void whoGoesOnFindsAsManyBytesAsWereReadLast() throws Exception {
        // Given
        ahead.ended(start, 3, LAST, 30, () -> this::ahead);

        // When
        BatchSource batches = ahead.from(start.at(3), ReadAheadTest::live);

        // Then
        assertThat(texts(batches, 3, 7))
                .containsExactly("ahead 003", "ahead 004", "ahead 005", "ahead 006", "live 007");
    }

    @Test
    void whoGoesOnAndOnIsServedEachTime() throws Exception {
        // Given
        ahead.ended(start, 3, LAST, 30, () -> this::ahead);
        BatchSource second = ahead.from(start.at(3), ReadAheadTest::live);
        assertThat(texts(second, 3, 5)).containsExactly("ahead 003", "ahead 004", "ahead 005");

        // When
        ahead.ended(start.at(3), 6, LAST, 25, () -> this::ahead);

        // Then
        BatchSource third = ahead.from(start.at(6), ReadAheadTest::live);
        assertThat(texts(third, 6, 9)).containsExactly("ahead 006", "ahead 007", "ahead 008", "live 009");
    }

    @Test
    void whoComesFromElsewhereGetsNothingAheadUntilHeGoesOn() throws Exception {
        // When
        ahead.ended(start.at(40), 43, LAST, 30, () -> this::ahead);

        // Then
        assertThat(texts(ahead.from(start.at(43), ReadAheadTest::live), 43, 43)).containsExactly("live 043");
        ahead.ended(start.at(43), 46, LAST, 30, () -> this::ahead);
        assertThat(texts(ahead.from(start.at(46), ReadAheadTest::live), 46, 46)).containsExactly("ahead 046");
    }

    @Test
    void nothingIsRebuiltBehindTheLastBatch() throws Exception {
        // When
        ahead.ended(start, LAST, LAST, 1_000, () -> this::ahead);
        ahead.ended(start, LAST + 1, LAST, 1_000, () -> this::ahead);

        // Then
        assertThat(texts(ahead.from(start.at(LAST), ReadAheadTest::live), LAST, LAST))
                .containsExactly("ahead 099");
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(rebuiltAhead).containsExactly(LAST);
    }

    @Test
    void anotherStateOfTheSidecarIsAnotherSegment() throws Exception {
        // Given
        ahead.ended(start, 3, LAST, 30, () -> this::ahead);

        // When
        BatchSource erased = ahead.from(new Position(start.segment(), 1, 3), ReadAheadTest::live);

        // Then
        assertThat(texts(erased, 3, 3)).containsExactly("live 003");
    }

    @Test
    void whatFailedAheadIsTriedByTheReader() throws Exception {
        // Given
        ahead.ended(start, 3, LAST, 30, () -> ordinal -> {
            throw new IOException("The store does not answer.");
        });

        // When
        BatchSource batches = ahead.from(start.at(3), ReadAheadTest::live);

        // Then
        assertThat(texts(batches, 3, 4)).containsExactly("live 003", "live 004");
    }

    @Test
    void theReadersOwnFailureIsTheOneThatIsTold() {
        // Given
        ahead.ended(start, 3, LAST, 30, () -> ordinal -> {
            throw new IOException("ahead");
        });

        // When
        BatchSource batches = ahead.from(start.at(3), ordinal -> {
            throw new IOException("live");
        });

        // Then
        assertThatThrownBy(() -> batches.rebuild(3))
                .isInstanceOf(IOException.class)
                .hasMessage("live");
    }

    private ByteBuffer ahead(int ordinal) {
        rebuiltAhead.add(ordinal);
        return batch("ahead", ordinal);
    }

    private static ByteBuffer live(int ordinal) {
        return batch("live", ordinal);
    }

    /// Nine bytes long when it comes from ahead, in the middle of an array.
    private static ByteBuffer batch(String who, int ordinal) {
        byte[] text = String.format("%s %03d", who, ordinal).getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(text.length + 7).position(3).slice();
        return buffer.put(0, text).limit(text.length);
    }

    private static List<String> texts(BatchSource batches, int from, int to) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int ordinal = from; ordinal <= to; ordinal++) {
            texts.add(StandardCharsets.UTF_8.decode(batches.rebuild(ordinal)).toString());
        }
        return texts;
    }
}
