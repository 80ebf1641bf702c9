package io.weir.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir job snapshot|snapshots|drop-snapshot`: a job's results as of a place in its sources.
final class JobSnapshots {
    private JobSnapshots() {}

    private static String path(String job) {
        return "/jobs/" + Api.escape(job) + "/snapshots";
    }

    @Command(
            name = "snapshot",
            description =
                    "Make the results of a job as of a time, or of offsets, from history, into topics of their own.")
    static final class Snapshot extends NodeCommand {
        @Parameters(paramLabel = "JOB")
        private String job = "";

        @Option(
                names = "--time",
                paramLabel = "TIME",
                description = "Rows before this instant, those that came late in time too (default: all up to now).")
        private String time = "";

        @Option(
                names = "--offsets",
                paramLabel = "VECTOR",
                description = "Rows before these offsets, for example {\"clicks-0\": 17}.")
        private String offsets = "";

        @Option(names = "--before", paramLabel = "TIME", description = "With --offsets: only rows before this instant.")
        private String before = "";

        @Option(names = "--version-number", paramLabel = "N", description = "Of another version than the live one.")
        private int version;

        @Option(names = "--rate", paramLabel = "RECORDS", description = "Most records per second (default: no limit).")
        private long rate;

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                description = "How long to wait (default 3600); the snapshot goes on.")
        private long timeout = 3600;

        @Override
        public void run() {
            JsonNode begun = api().post(path(job) + "?timeout=0ms", body());
            String id = begun.path("operation").path("id").asText();
            JsonNode operation = awaitEnd(id);
            if (!operation.path("state").asText().equals("DONE")) {
                throw new CliFailure(
                        CliFailure.CHECK,
                        id + ": " + operation.path("state").asText() + " "
                                + operation.path("problem").asText());
            }
            JsonNode result = operation.path("result");
            if (wantsJson()) {
                printer().json(result);
                return;
            }
            printer().line("Snapshot " + result.path("snapshot").asText() + " of job '" + job + "' is done.");
            result.path("outputs")
                    .properties()
                    .forEach(output -> printer()
                            .line(output.getKey() + " -> " + output.getValue().asText()));
            printer().line("The same again: --offsets '" + result.path("asOf").path("offsets") + "'" + again(result));
        }

        private static String again(JsonNode result) {
            return result.path("asOf").has("before")
                    ? " --before " + result.path("asOf").path("before").asText()
                    : "";
        }

        private ObjectNode body() {
            ObjectNode body = Api.JSON.createObjectNode();
            if (!offsets.isEmpty()) {
                ObjectNode asOf = body.putObject("asOf");
                asOf.set("offsets", vector());
                if (!before.isEmpty()) {
                    asOf.put("before", before);
                }
            } else if (!time.isEmpty()) {
                body.putObject("asOf").put("time", time);
            } else {
                body.put("asOf", "now");
            }
            if (version > 0) {
                body.put("version", version);
            }
            return rate > 0 ? body.put("rate", rate) : body;
        }

        private JsonNode vector() {
            try {
                return Api.JSON.readTree(offsets);
            } catch (JsonProcessingException e) {
                throw new CliFailure(
                        CliFailure.USER,
                        "Option '--offsets': must be JSON such as {\"clicks-0\": 17}, got '" + offsets + "'.");
            }
        }

        private JsonNode awaitEnd(String id) {
            JsonNode[] seen = {Api.JSON.createObjectNode()};
            Waiting.until("snapshot " + id, Duration.ofSeconds(timeout), Duration.ofMillis(300), () -> {
                seen[0] = api().get("/jobs/" + Api.escape(job) + "/operations/" + Api.escape(id));
                return !seen[0].path("state").asText().equals("RUNNING");
            });
            return seen[0];
        }
    }

    @Command(name = "snapshots", description = "List the snapshots of a job.")
    static final class Snapshots extends NodeCommand {
        @Parameters(paramLabel = "JOB")
        private String job = "";

        @Override
        public void run() {
            JsonNode answer = api().get(path(job));
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode snapshot : answer.path("snapshots")) {
                List<String> topics = new ArrayList<>();
                snapshot.path("outputs").forEach(topic -> topics.add(topic.asText()));
                rows.add(List.of(
                        snapshot.path("snapshot").asText(),
                        snapshot.path("version").asText(),
                        snapshot.path("state").asText(),
                        snapshot.path("asOf").path("before").asText("-"),
                        String.join(" ", topics)));
            }
            printer().table(List.of("SNAPSHOT", "VERSION", "STATE", "BEFORE", "OUTPUTS"), rows);
        }
    }

    @Command(name = "drop-snapshot", description = "Remove a snapshot with its topics.")
    static final class Drop extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Parameters(index = "1", paramLabel = "SNAPSHOT")
        private int number;

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        public void run() {
            Confirm.ask(yes, "Remove snapshot " + number + " of job '" + job + "' with its topics?");
            JsonNode answer = api().delete(path(job) + "/" + number);
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            printer().line("Job '" + job + "': snapshot " + number + " removed.");
        }
    }
}
