package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir job compare|promote|rollback`: one version takes over from another.
final class JobTakeOver {
    private JobTakeOver() {}

    /// The operation of an answer; a failed one ends the command.
    private static JsonNode ended(JsonNode answer) {
        JsonNode operation = answer.has("operation") ? answer.path("operation") : answer;
        if (operation.path("state").asText().equals("FAILED")) {
            throw new CliFailure(
                    CliFailure.CHECK,
                    operation.path("id").asText() + ": "
                            + operation.path("problem").asText());
        }
        return operation;
    }

    @Command(name = "compare", description = "Compare the results of two versions, row by row.")
    static final class Compare extends NodeCommand {
        @Parameters(paramLabel = "JOB")
        private String job = "";

        @Option(
                names = "--left",
                paramLabel = "VERSION",
                description = "Compared with this one (default: the live one).")
        private int left;

        @Option(names = "--right", paramLabel = "VERSION", description = "The new one (default: the newest).")
        private int right;

        @Option(names = "--tolerance", paramLabel = "COLUMN=NUMBER", description = "Numbers this close are equal.")
        private Map<String, String> tolerance = Map.of();

        @Option(names = "--ignore", paramLabel = "COLUMN", description = "A column that does not count.")
        private List<String> ignore = List.of();

        @Option(
                names = "--expect",
                paramLabel = "TEXT",
                description = "Which rows are meant to differ, for example \"state = 'GA' and flights >= 10\".")
        private String expect = "";

        @Option(names = "--sample", paramLabel = "1/N", description = "Only a part of the keys (default: all).")
        private String sample = "";

        @Override
        public void run() {
            JsonNode operation = ended(api().post("/jobs/" + Api.escape(job) + "/compare?timeout=100s", body()));
            if (wantsJson()) {
                printer().json(operation);
                return;
            }
            JsonNode result = operation.path("result");
            printer()
                    .line(operation.path("id").asText() + "  version "
                            + result.path("left").asText() + " and "
                            + result.path("right").asText() + ": "
                            + result.path("verdict")
                                    .asText(operation.path("state").asText()));
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode output : result.path("outputs")) {
                List<String> row = new ArrayList<>();
                for (String member : List.of("output", "equal", "changed", "missing", "extra", "open")) {
                    row.add(output.path(member).asText());
                }
                row.add(output.path("outsideExpectation").asText());
                rows.add(row);
            }
            printer().table(List.of("OUTPUT", "EQUAL", "CHANGED", "MISSING", "EXTRA", "OPEN", "UNEXPECTED"), rows);
            for (JsonNode output : result.path("outputs")) {
                output.path("first").forEach(difference -> printer().line(String.valueOf(difference)));
            }
        }

        private ObjectNode body() {
            ObjectNode body = Api.JSON.createObjectNode();
            if (left > 0) {
                body.put("left", left);
            }
            if (right > 0) {
                body.put("right", right);
            }
            tolerance.forEach((column, most) -> body.withObject("/tolerance").put(column, most));
            ignore.forEach(column -> body.withArray("/ignore").add(column));
            if (!expect.isEmpty()) {
                body.put("expect", expect);
            }
            if (!sample.isEmpty()) {
                body.put("mode", sample);
            }
            return body;
        }
    }

    @Command(name = "promote", description = "Let a version that has caught up become live; the old one stays warm.")
    static final class Promote extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Parameters(index = "1", paramLabel = "VERSION")
        private int version;

        @Option(names = "--mode", paramLabel = "MODE", description = "same-topic (default) or pointer.")
        private String mode = "";

        @Option(
                names = "--gate",
                paramLabel = "OPERATION",
                description = "The comparison that allows it, or none (default: the newest one of the version).")
        private String gate = "";

        @Option(names = "--max-pause", paramLabel = "TIME", description = "How long outputs may pause (default: 30s).")
        private String maxPause = "";

        @Override
        public void run() {
            ObjectNode body = Api.JSON.createObjectNode().put("version", version);
            Map.of("mode", mode, "gate", gate, "maxPause", maxPause).forEach((member, given) -> {
                if (!given.isEmpty()) {
                    body.put(member, given);
                }
            });
            show(ended(api().post("/jobs/" + Api.escape(job) + "/promote?timeout=100s", body)));
        }

        private void show(JsonNode operation) {
            if (wantsJson()) {
                printer().json(operation);
                return;
            }
            printer().line("Job '" + job + "': version " + version + " is live" + cost(operation));
        }
    }

    @Command(name = "rollback", description = "Let the warm version become live again.")
    static final class Rollback extends NodeCommand {
        @Parameters(paramLabel = "JOB")
        private String job = "";

        @Option(names = "--reason", paramLabel = "TEXT")
        private String reason = "";

        @Override
        public void run() {
            ObjectNode body = Api.JSON.createObjectNode();
            if (!reason.isEmpty()) {
                body.put("reason", reason);
            }
            JsonNode operation = ended(api().post("/jobs/" + Api.escape(job) + "/rollback?timeout=100s", body));
            if (wantsJson()) {
                printer().json(operation);
                return;
            }
            printer()
                    .line("Job '" + job + "': version "
                            + operation.path("version").asText() + " is live again" + cost(operation));
        }
    }

    private static String cost(JsonNode operation) {
        JsonNode result = operation.path("result");
        return ", " + result.path("corrections").asText("0") + " rows corrected, outputs paused for "
                + result.path("pauseMillis").asText("0") + " ms.";
    }
}
