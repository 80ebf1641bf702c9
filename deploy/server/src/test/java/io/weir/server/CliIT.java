package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands against a packaged node.
class CliIT {
    @TempDir
    private static Path folder;

    private static WeirProcess node;
    private static String server;

    @BeforeAll
    static void startNode() throws Exception {
        node = WeirProcess.start(folder.resolve("data"), Map.of());
        server = node.http().toString();
    }

    @AfterAll
    static void stopNode() throws Exception {
        node.stop();
    }

    private static Cli.Result weir(String... arguments) throws Exception {
        String[] all = java.util.stream.Stream.concat(
                        java.util.Arrays.stream(arguments), java.util.stream.Stream.of("--server", server))
                .toArray(String[]::new);
        return Cli.run(all);
    }

    @Test
    void tenRecordsOfMyOwnAreThereInTailAndSql() throws Exception {
        assertThat(weir("topic", "create", "mine", "--partitions", "2").exitCode())
                .isZero();
        StringBuilder lines = new StringBuilder();
        for (int n = 1; n <= 10; n++) {
            lines.append("{\"n\":")
                    .append(n)
                    .append(",\"name\":\"record ")
                    .append(n)
                    .append("\"}\n");
        }

        Cli.Result produced = Cli.runWithInput(lines.toString(), 60, "produce", "mine", "--json", "--server", server);
        Cli.Result tailed = weir("tail", "mine", "--from-offset", "earliest", "--limit", "10", "--json");
        Cli.Result sql = weir("sql", "SELECT count(*) AS c, sum(n) AS s FROM mine", "--json");

        assertThat(produced.json().path("written").asLong()).isEqualTo(10);
        assertThat(tailed.out().lines().toList()).hasSize(10).allMatch(line -> line.contains("record "));
        assertThat(sql.json().path("rows").path(0).path(0).asLong()).isEqualTo(10);
        assertThat(sql.json().path("rows").path(0).path(1).asLong()).isEqualTo(55);
    }

    @Test
    void everyListHasJsonOutputAndNothingElseOnIt() throws Exception {
        for (List<String> command : List.of(
                List.of("topic", "list"),
                List.of("group", "list"),
                List.of("connect", "list"),
                List.of("job", "list"),
                List.of("tier", "status"))) {
            Cli.Result result =
                    weir(java.util.stream.Stream.concat(command.stream(), java.util.stream.Stream.of("--json"))
                            .toArray(String[]::new));

            assertThat(result.exitCode()).as("%s: %s", command, result.err()).isZero();
            assertThat(result.json().isContainerNode()).as("%s", command).isTrue();
            assertThat(weir(command.toArray(String[]::new)).exitCode())
                    .as("%s", command)
                    .isZero();
        }
    }

    @Test
    void aTopicIsCreatedDescribedAndDeleted() throws Exception {
        assertThat(weir("topic", "create", "short-lived", "--partitions", "3", "--config", "cleanup.policy=compact")
                        .exitCode())
                .isZero();

        JsonNode described = weir("topic", "describe", "short-lived", "--json").json();
        assertThat(described.path("partitions")).hasSize(3);
        assertThat(described.path("configs").findValuesAsText("value")).contains("compact");
        assertThat(weir("topic", "describe", "short-lived").out().lines())
                .anyMatch(line -> line.matches("PARTITION +LEADER +REPLICAS +IN SYNC +EARLIEST +LATEST"))
                .anyMatch(line -> line.matches(" *2 +1 +1 +1 +0 +0"));
        assertThat(weir("topic", "delete", "short-lived").exitCode()).isEqualTo(2);
        assertThat(weir("topic", "delete", "short-lived", "--yes").exitCode()).isZero();
        assertThat(weir("topic", "describe", "short-lived").exitCode()).isEqualTo(2);
    }

    @Test
    void mistakesAreOneLineWithTheFixAndExitCodeTwo() throws Exception {
        weir("topic", "create", "flights-of-today");
        Path malformed = Files.writeString(folder.resolve("malformed.json"), "{\"name\": ");
        Path unknown = Files.writeString(
                folder.resolve("unknown.json"), "{\"name\":\"x\",\"config\":{\"connector.class\":\"FileSourc\"}}");
        Path noJob = Files.writeString(folder.resolve("no.jar"), "this is no jar");

        assertMistake("flights-of-today", "sql", "SELECT * FROM \"flights-of-tody\"");
        assertMistake("SELECT", "sql", "DROP TABLE x");
        assertMistake("flights-of-today", "topic", "describe", "flights-of-tody");
        assertMistake("malformed.json", "connect", "create", malformed.toString());
        assertMistake("FileSource", "connect", "create", unknown.toString());
        assertMistake("jar", "job", "deploy", noJob.toString(), "--class", "a.B");
        assertMistake("nobody", "job", "status", "nobody");
        assertMistake("missing.json", "connect", "create", "missing.json");
    }

    @Test
    void oneSourceFileIsCompiledDeployedAndRuns() throws Exception {
        weir("topic", "create", "lines", "--partitions", "2");
        String source = """
                import io.weir.streams.dsl.Flow;
                import io.weir.streams.dsl.StreamJob;

                public final class LargeNumbers implements StreamJob {
                    record Line(int n, String name) {}

                    @Override
                    public void define(Flow flow) {
                        flow.stream("lines", Line.class).where(Line::n).gt(7).to("large_numbers");
                    }
                }
                """;
        Path file = Files.writeString(folder.resolve("LargeNumbers.java"), source);
        Path broken = Files.writeString(
                folder.resolve("Broken.java"),
                source.replace("LargeNumbers", "Broken").replace("Line::n", "Line::m"));

        assertMistake("Broken.java:9: error: ", "job", "deploy", broken.toString());
        assertThat(weir("job", "plan", file.toString()).out()).contains("large-numbers  a new job");
        Cli.Result deployed = weir("job", "deploy", file.toString());
        Cli.runWithInput("{\"n\":7}\n{\"n\":8,\"name\":\"eight\"}\n", 60, "produce", "lines", "--server", server);
        Cli.Result tailed = weir("tail", "large_numbers", "--from-offset", "earliest", "--limit", "1", "--json");

        assertThat(deployed.out()).as(deployed.err()).contains("Deployed job 'large-numbers' version 1");
        assertThat(tailed.out()).contains("eight");
        assertThat(weir("job", "delete", "large-numbers", "--yes").exitCode()).isZero();
    }

    private static void assertMistake(String names, String... command) throws Exception {
        Cli.Result result = weir(command);
        assertThat(result.exitCode())
                .as("%s: %s", List.of(command), result.err())
                .isEqualTo(2);
        assertThat(result.err().lines().toList()).as("%s", List.of(command)).hasSize(1);
        assertThat(result.err()).contains(names);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aServerThatIsNotThereIsSaidSo() throws Exception {
        Cli.Result result = Cli.run("topic", "list", "--server", "http://127.0.0.1:1");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("127.0.0.1:1").contains("./weir start");
    }

    @Test
    void theCommandLineFindsTheNodeByItsDataFolder() throws Exception {
        assertThat(Cli.run("topic", "list", "--data", folder.resolve("data").toString())
                        .exitCode())
                .isZero();
        assertThat(Cli.run("topic", "list", "--data", folder.resolve("other").toString())
                        .exitCode())
                .isEqualTo(3);
    }
}
