package io.weir.tiered.query.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.log.fault.WeirException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Children die in every state, and are replaced; none outlives its parent.
class ChildPoolIT {
    private static final String HEAVY = "SELECT sum(a.i * b.i) FROM range(10000000) a(i), range(10000000) b(i)";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private ChildPool pool;

    @BeforeEach
    void open() {
        pool = ChildPool.open(settings());
    }

    @AfterEach
    void close() {
        List<Long> pids = pool.pids();
        pool.close();
        assertThat(pids).noneMatch(ChildPoolIT::isAlive);
        assertThat(directory.resolve("children")).doesNotExist();
    }

    private ChildSettings settings() {
        return ChildSettings.of(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        Path.of(System.getProperty("weir.sql.child.dir")),
                        directory.resolve("children"))
                .withConcurrency(1, 1, 1)
                .withMemoryBytes(64L << 20);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static Deadline within(long millis) {
        return Deadline.after(Clock.systemUTC(), Duration.ofMillis(millis));
    }

    private ChildLease lease(String principal) {
        return pool.lease(principal, within(30_000));
    }

    private static ChildStatement statement(String sql) {
        return new ChildStatement(sql, List.of(), false, ChildStatement.Format.JSON, 1_000_000, Long.MAX_VALUE);
    }

    private static RowSink into(StringBuilder answer) {
        return new RowSink() {
            @Override
            public void columns(List<ResultColumn> columns) {}

            @Override
            public void page(byte[] lines) {
                answer.append(new String(lines, StandardCharsets.UTF_8));
            }
        };
    }

    private String ask(String principal, String sql) throws Exception {
        StringBuilder answer = new StringBuilder();
        try (ChildLease child = lease(principal)) {
            assertThat(child.execute(statement(sql), into(answer), within(10_000)))
                    .isInstanceOf(Outcome.Done.class);
        }
        return answer.toString();
    }

    private long idlePid() {
        await().atMost(SOON).until(() -> pool.pids().size() == 1);
        return pool.pids().getFirst();
    }

    @Test
    void aChildKilledWhileIdleIsReplaced() throws Exception {
        long first = idlePid();

        kill(first);

        await().atMost(SOON).until(() -> pool.pids().size() == 1 && !pool.pids().contains(first));
        assertThat(ask("local", "SELECT 42")).isEqualTo("[42]\n");
    }

    @Test
    void aChildKilledBeforeParsingIsReportedAndReplaced() throws Exception {
        try (ChildLease child = lease("local")) {
            kill(child.pid());
            assertThatThrownBy(() -> child.parse("SELECT 1", within(5_000)))
                    .isInstanceOf(WeirException.class)
                    .hasMessageContaining("SQL child")
                    .extracting("code")
                    .isEqualTo("query-process-lost");
        }
        assertThat(ask("local", "SELECT 42")).isEqualTo("[42]\n");
    }

    @Test
    void aChildKilledWhileRunningIsReportedAndReplaced() throws Exception {
        try (ChildLease child = lease("local")) {
            CompletableFuture<Outcome> running = CompletableFuture.supplyAsync(() -> run(child, HEAVY));
            await().pollDelay(Duration.ofMillis(300)).until(() -> !running.isDone());
            kill(child.pid());
            assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS)).hasMessageContaining("query-process-lost");
        }
        assertThat(ask("local", "SELECT 42")).isEqualTo("[42]\n");
    }

    private static Outcome run(ChildLease child, String sql) {
        try {
            return child.execute(statement(sql), into(new StringBuilder()), within(20_000));
        } catch (WeirException e) {
            throw new IllegalStateException(e.code(), e);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aChildKilledWhileStreamingIsReportedAndReplaced() throws Exception {
        try (ChildLease child = lease("local")) {
            RowSink killing = new RowSink() {
                @Override
                public void columns(List<ResultColumn> columns) {}

                @Override
                public void page(byte[] lines) {
                    kill(child.pid());
                }
            };
            assertThatThrownBy(() -> child.execute(
                            statement("SELECT i, repeat('x', 1000) FROM range(1000000) t(i)"), killing, within(20_000)))
                    .isInstanceOf(WeirException.class)
                    .extracting("code")
                    .isEqualTo("query-process-lost");
        }
        assertThat(ask("local", "SELECT 42")).isEqualTo("[42]\n");
    }

    @Test
    void aStatementOverItsTimeIsEndedAndItsChildReplaced() throws Exception {
        Clock clock = Clock.systemUTC();
        long pid;
        try (ChildLease child = lease("local")) {
            pid = child.pid();
            long start = clock.millis();
            assertThat(child.execute(statement(HEAVY), into(new StringBuilder()), within(500)))
                    .isInstanceOf(Outcome.TimedOut.class);
            assertThat(clock.millis() - start).isLessThan(6_000);
        }
        await().atMost(SOON).until(() -> !isAlive(pid));
        assertThat(ask("local", "SELECT 42")).isEqualTo("[42]\n");
    }

    @Test
    void aStatementOverItsMemoryFailsCleanly() throws Exception {
        try (ChildLease child = lease("local")) {
            Outcome outcome = child.execute(
                    statement("SELECT array_agg(hash(i) || i) FROM range(50000000) t(i)"),
                    into(new StringBuilder()),
                    within(25_000));
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.kind()).isEqualTo("memory"));
        }
        assertThat(ask("local", "SELECT 42")).isEqualTo("[42]\n");
    }

    @Test
    void aCancelledStatementEndsAndItsChildServesOn() throws Exception {
        long pid = idlePid();
        try (ChildLease child = lease("local")) {
            CompletableFuture<Outcome> running = CompletableFuture.supplyAsync(() -> run(child, HEAVY));
            await().pollDelay(Duration.ofMillis(300)).until(() -> !running.isDone());
            child.cancel();
            assertThat(running.get(10, TimeUnit.SECONDS)).isInstanceOf(Outcome.Cancelled.class);
        }
        try (ChildLease child = lease("local")) {
            assertThat(child.pid()).isEqualTo(pid);
        }
    }

    @Test
    void aSlowReaderHoldsTheChildBackAndLosesNothing() throws Exception {
        long[] rows = new long[1];
        try (ChildLease child = lease("local")) {
            RowSink slow = new RowSink() {
                @Override
                public void columns(List<ResultColumn> columns) {}

                @Override
                public void page(byte[] lines) {
                    CountDownLatch never = new CountDownLatch(1);
                    try {
                        never.await(20, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    for (byte b : lines) {
                        rows[0] += b == '\n' ? 1 : 0;
                    }
                }
            };
            Outcome outcome = child.execute(
                    statement("SELECT i, repeat('x', 100) FROM range(100000) t(i)"), slow, within(25_000));
            assertThat(outcome).isEqualTo(new Outcome.Done(100_000, false));
        }
        assertThat(rows[0]).isEqualTo(100_000);
    }

    @Test
    void aChildServesOnePrincipalOnly() throws Exception {
        long first = idlePid();
        try (ChildLease child = lease("ann")) {
            assertThat(child.pid()).isEqualTo(first);
        }
        try (ChildLease child = lease("ann")) {
            assertThat(child.pid()).isEqualTo(first);
        }
        try (ChildLease child = lease("bob")) {
            assertThat(child.pid()).isNotEqualTo(first);
        }
        await().atMost(SOON).until(() -> !isAlive(first));
    }

    @Test
    void aFullQueueIsRefusedAtOnce() throws Exception {
        try (ChildLease running = lease("local")) {
            CompletableFuture<Void> waiting =
                    CompletableFuture.runAsync(() -> lease("local").close());
            await().atMost(SOON)
                    .untilAsserted(() -> assertThatThrownBy(
                                    () -> pool.lease("local", within(1)).close())
                            .isInstanceOf(WeirException.class)
                            .extracting("code")
                            .isEqualTo("query-queue-full"));
            running.close();
            waiting.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aChildDiesWithItsParent() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process child = new ProcessBuilder(
                        java.toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        Path.of(System.getProperty("weir.sql.child.dir"))
                                .resolve("*")
                                .toString(),
                        "io.weir.tiered.query.child.ChildMain")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // The parent's end of the pipe closes when the parent is killed, however it is killed.
        child.getOutputStream().close();

        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).isEqualTo(3);
        assertThat(Files.exists(directory)).isTrue();
    }
}
