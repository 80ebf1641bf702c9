package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyThreadsTest {
    private static final Path CALLING_THREAD = Path.of("/proc/thread-self/stat");
    /// Counted from the name in parentheses, which may hold anything.
    private static final int NICENESS_FIELD = 17;

    @TempDir
    Path folder;

    private Path segment = Path.of("");

    @BeforeEach
    void threeSegmentsOfWhichTheFirstIsArchived() throws IOException {
        Files.write(folder.resolve("00000000000000000000.log"), new byte[1000]);
        segment = Files.write(folder.resolve("00000000000000000007.log"), new byte[200]);
        Files.write(folder.resolve("00000000000000000007.index"), new byte[50]);
        Files.write(folder.resolve("00000000000000000019.log"), new byte[30]);
    }

    @Test
    void whatWaitsIsTheSegmentAndThoseBehindIt() throws Exception {
        assertThat(CopyThreads.waitingBytes(segment)).isEqualTo(230);
    }

    @Test
    void copiesYieldWhileTheArchiveKeepsUp() throws Exception {
        // Given
        assumeThat(Files.exists(CALLING_THREAD)).as("Linux").isTrue();
        int usual = niceness();
        try (CopyThreads threads = new CopyThreads(new CopyPace(15, 230))) {
            // When
            int encoding = threads.encode(segment, false, CopyThreadsTest::niceness, unused -> {});

            // Then
            assertThat(encoding).isEqualTo(15);
            assertThat(niceness()).isEqualTo(usual);
        }
    }

    @Test
    void copiesDoNotYieldOnceTooMuchWaits() throws Exception {
        try (CopyThreads threads = new CopyThreads(new CopyPace(15, 229))) {
            assertThat(threads.encode(segment, false, Thread::currentThread, unused -> {}))
                    .isSameAs(Thread.currentThread());
        }
    }

    @Test
    void copiesThatSomebodyWaitsForDoNotYield() throws Exception {
        try (CopyThreads threads = new CopyThreads(new CopyPace(15, 230))) {
            assertThat(threads.encode(segment, true, Thread::currentThread, unused -> {}))
                    .isSameAs(Thread.currentThread());
        }
    }

    @Test
    void withoutNicenessThereIsNoOtherThread() throws Exception {
        try (CopyThreads threads = new CopyThreads(new CopyPace(0, 230))) {
            assertThat(threads.encode(segment, false, Thread::currentThread, unused -> {}))
                    .isSameAs(Thread.currentThread());
        }
    }

    @Test
    void failuresComeAsTheyAre() {
        try (CopyThreads threads = new CopyThreads(new CopyPace(15, 230))) {
            IOException full = new IOException("No space left on device");
            assertThatThrownBy(() -> threads.encode(
                            segment,
                            false,
                            () -> {
                                throw full;
                            },
                            unused -> {}))
                    .isSameAs(full);
            IllegalStateException odd = new IllegalStateException("odd");
            assertThatThrownBy(() -> threads.encode(
                            segment,
                            false,
                            () -> {
                                throw odd;
                            },
                            unused -> {}))
                    .isSameAs(odd);
        }
    }

    @Test
    void whoIsInterruptedLeavesNoResultBehind() throws Exception {
        // Given
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<String> unclaimed = new CompletableFuture<>();
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        try (CopyThreads threads = new CopyThreads(new CopyPace(15, 230))) {
            Thread caller = new Thread(() -> {
                try {
                    threads.encode(
                            segment,
                            false,
                            () -> {
                                begun.countDown();
                                awaitUninterrupted(mayEnd);
                                return "staged";
                            },
                            unclaimed::complete);
                } catch (IOException e) {
                    outcome.complete(e);
                }
            });
            caller.start();
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();

            // When
            caller.interrupt();

            // Then
            assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedIOException.class);
            mayEnd.countDown();
            assertThat(unclaimed.get(30, TimeUnit.SECONDS)).isEqualTo("staged");
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                done = latch.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // as work that has no point at which it could be interrupted
            }
        }
    }

    private static int niceness() throws IOException {
        String stat = Files.readString(CALLING_THREAD);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Integer.parseInt(fields[NICENESS_FIELD - 1]);
    }
}
