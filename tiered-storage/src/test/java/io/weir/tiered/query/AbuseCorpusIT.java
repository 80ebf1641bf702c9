package io.weir.tiered.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.fault.WeirException;
import io.weir.tiered.parquet.PageCodec;
import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.query.gate.FunctionList;
import io.weir.tiered.query.gate.Gate;
import io.weir.tiered.query.process.ChildLease;
import io.weir.tiered.query.process.ChildPool;
import io.weir.tiered.query.process.ChildSettings;
import io.weir.tiered.query.process.ChildStatement;
import io.weir.tiered.query.process.Deadline;
import io.weir.tiered.query.process.Outcome;
import io.weir.tiered.query.process.ParseAnswer;
import io.weir.tiered.query.process.RawChild;
import io.weir.tiered.query.process.RowSink;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every file of `sql-abuse`: first line `-- expect: <problem code>`, or `limited` for what may start but must be
/// ended. Once through the gate, once without it against the child's settings alone.
class AbuseCorpusIT {
    private static final String CANARY = "canary-7f3a91c2";

    @TempDir
    static Path directory;

    private static ChildPool pool;
    private static Path canary;
    private static Path archive;
    private static Path outputs;

    private record Abuse(String name, String expected, boolean hole, String sql) {}

    @BeforeAll
    static void prepare() throws IOException {
        canary = Files.writeString(directory.resolve("canary.txt"), CANARY);
        outputs = Files.createDirectories(directory.resolve("outputs"));
        archive = directory.resolve("archive.parquet");
        try (RecordFileWriter writer = RecordFileWriter.create(archive, PageCodec.ZSTD)) {
            for (int i = 0; i < 10; i++) {
                writer.write(0, i, i, null, List.of(), "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
            }
        }
        pool = ChildPool.open(settings("pool").withConcurrency(1, 1, 4));
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    private static ChildSettings settings(String name) {
        return SqlFixture.childSettings(directory.resolve(name)).withMemoryBytes(128L << 20);
    }

    @Test
    void theGateRefusesEachAbuseByItsRule() throws Exception {
        Gate gate = new Gate(FunctionList.shipped());
        TreeMap<String, String> wrong = new TreeMap<>();
        try (ChildLease child = pool.lease("local", Deadline.after(Clock.systemUTC(), Duration.ofSeconds(60)))) {
            for (Abuse abuse : corpus()) {
                String expected = abuse.expected().equals("limited") ? "passes" : abuse.expected();
                String verdict = verdict(gate, child, abuse.sql());
                if (!verdict.equals(expected)) {
                    wrong.put(abuse.name(), verdict + " instead of " + expected);
                }
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(corpus()).hasSizeGreaterThanOrEqualTo(200);
    }

    private static String verdict(Gate gate, ChildLease child, String sql) {
        try {
            Gate.checkLength(sql);
            ParseAnswer answer = child.parse(sql, Deadline.after(Clock.systemUTC(), Duration.ofSeconds(10)));
            if (answer instanceof ParseAnswer.Refused refusal) {
                return ChildProblems.refused(refusal, sql).code();
            }
            RelationNames.resolve(
                    gate.check(((ParseAnswer.Tree) answer).json()).relations(),
                    Set.of("flights", "__weir_jobs", "__consumer_offsets"));
            return "passes";
        } catch (WeirException e) {
            return e.code();
        }
    }

    @Test
    void withoutTheGateTheSettingsKeepFilesAndSecrets() throws Exception {
        byte[] before = Files.readAllBytes(archive);
        List<String> leaks = new ArrayList<>();
        try (RawChild child = new RawChild(settings("raw"))) {
            for (Abuse abuse : corpus()) {
                if (abuse.hole() || abuse.expected().equals("limited")) {
                    continue;
                }
                StringBuilder answer = new StringBuilder();
                child.run(
                        statement(abuse.sql()), into(answer), Deadline.after(Clock.systemUTC(), Duration.ofSeconds(1)));
                if (answer.indexOf(CANARY) >= 0 || answer.indexOf("root:") >= 0 || answer.indexOf("java.home") >= 0) {
                    leaks.add(abuse.name());
                }
                if (!Arrays.equals(before, Files.readAllBytes(archive))) {
                    leaks.add(abuse.name() + " changed the archive");
                }
            }
        }

        assertThat(leaks).isEmpty();
        try (Stream<Path> files = Files.list(outputs)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void eachBombIsEndedAndTheNextStatementRuns() throws Exception {
        List<String> unlimited = new ArrayList<>();
        for (Abuse abuse : corpus()) {
            if (!abuse.expected().equals("limited")) {
                continue;
            }
            Clock clock = Clock.systemUTC();
            long startMillis = clock.millis();
            try (ChildLease child = pool.lease("local", Deadline.after(clock, Duration.ofSeconds(30)))) {
                long leasedMillis = clock.millis();
                Outcome outcome = child.execute(
                        statement(abuse.sql()),
                        into(new StringBuilder()),
                        Deadline.after(clock, Duration.ofMillis(500)));
                long millis = clock.millis() - leasedMillis;
                boolean whole = outcome instanceof Outcome.Done done && !done.truncated();
                if (whole || millis > 6_000) {
                    unlimited.add(abuse.name() + ": " + outcome + " after " + millis + " ms");
                }
            } catch (WeirException e) {
                if (!e.code().equals("query-process-lost") || clock.millis() - startMillis > 30_000) {
                    unlimited.add(abuse.name() + ": " + e.getMessage());
                }
            }
        }

        assertThat(unlimited).isEmpty();
        StringBuilder answer = new StringBuilder();
        try (ChildLease child = pool.lease("local", Deadline.after(Clock.systemUTC(), Duration.ofSeconds(30)))) {
            child.execute(
                    statement("SELECT count(*) FROM flights"),
                    into(answer),
                    Deadline.after(Clock.systemUTC(), Duration.ofSeconds(10)));
        }
        assertThat(answer.toString()).isEqualTo("[10]\n");
    }

    private static ChildStatement statement(String sql) {
        return new ChildStatement(
                sql,
                List.of(new ChildStatement.Relation(
                        "flights",
                        List.of(new ChildStatement.Column("_key", "_key"), new ChildStatement.Column("_raw", "_raw")),
                        List.of(),
                        List.of(new ChildStatement.Part(List.of(archive.toString()), Optional.empty())))),
                false,
                ChildStatement.Format.JSON,
                1_000,
                1 << 20);
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

    private static List<Abuse> corpus() throws IOException, URISyntaxException {
        Path folder = Path.of(AbuseCorpusIT.class.getResource("/sql-abuse").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            List<Abuse> corpus = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                String text = Files.readString(file);
                int lineEnd = text.indexOf('\n');
                String sql = text.substring(lineEnd + 1);
                boolean hole = sql.startsWith("-- hole\n");
                sql = (hole ? sql.substring(8) : sql).stripTrailing();
                corpus.add(new Abuse(
                        file.getFileName().toString(),
                        text.substring("-- expect: ".length(), lineEnd),
                        hole,
                        sql.replace("${canary}", canary.toString())
                                .replace("${archive}", archive.toString())
                                .replace(
                                        "${out}",
                                        outputs.resolve(file.getFileName().toString())
                                                .toString())));
            }
            return corpus;
        }
    }
}
