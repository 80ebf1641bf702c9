package io.weir.cli.command;

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

/// `weir job backfill`, and what feeding dead letters again shares with it.
final class JobReruns {
    private JobReruns() {}

    /// Waits for an operation; one that has not succeeded ends the command.
    static JsonNode awaitDone(Api api, String job, JsonNode begun, long timeoutSeconds) {
        String id = begun.path("operation").path("id").asText();
        JsonNode[] seen = {begun.path("operation")};
        Waiting.until(id, Duration.ofSeconds(timeoutSeconds), Duration.ofMillis(300), () -> {
            seen[0] = api.get("/jobs/" + Api.escape(job) + "/operations/" + Api.escape(id));
            return !seen[0].path("state").asText().equals("RUNNING");
        });
        if (!seen[0].path("state").asText().equals("DONE")) {
            throw new CliFailure(
                    CliFailure.CHECK,
                    id + ": " + seen[0].path("state").asText() + " "
                            + seen[0].path("problem").asText());
        }
        return seen[0].path("result");
    }

    /// What was written, by output.
    static List<List<String>> outputs(JsonNode result) {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode output : result.path("outputs")) {
            List<String> row = new ArrayList<>();
            for (String member : List.of("output", "topic", "rows", "equal", "changed", "added", "removed", "open")) {
                row.add(output.path(member).asText());
            }
            rows.add(row);
        }
        return rows;
    }

    static final List<String> COLUMNS =
            List.of("OUTPUT", "TOPIC", "ROWS", "EQUAL", "CHANGED", "ADDED", "REMOVED", "OPEN");

    @Command(
            name = "backfill",
            description =
                    "Compute the windows of a range of event time anew and correct those that come out differently.")
    static final class Backfill extends NodeCommand {
        @Parameters(paramLabel = "JOB")
        private String job = "";

        @Option(names = "--from", required = true, paramLabel = "TIME", description = "First instant of the windows.")
        private String from = "";

        @Option(names = "--to", required = true, paramLabel = "TIME", description = "Windows end here at the latest.")
        private String to = "";

        @Option(names = "--version-number", paramLabel = "N", description = "With the code of another version.")
        private int version;

        @Option(names = "--key", paramLabel = "KEY", description = "Only windows of this key (default: all).")
        private List<String> keys = List.of();

        @Option(
                names = "--publish",
                paramLabel = "WHERE",
                description = "corrections to the live outputs (default), or topic: into topics of their own.")
        private String publish = "corrections";

        @Option(names = "--dry-run", description = "Only show what would be read and written.")
        private boolean dryRun;

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                description = "How long to wait (default 3600); the backfill goes on.")
        private long timeout = 3600;

        @Override
        public void run() {
            String path = "/jobs/" + Api.escape(job) + "/backfill";
            if (dryRun) {
                printer().json(api().post(path + "?dryRun=true", body()));
                return;
            }
            JsonNode result = awaitDone(api(), job, api().post(path + "?timeout=0ms", body()), timeout);
            if (wantsJson()) {
                printer().json(result);
                return;
            }
            printer().table(COLUMNS, outputs(result));
        }

        private ObjectNode body() {
            ObjectNode body =
                    Api.JSON.createObjectNode().put("from", from).put("to", to).put("publish", publish);
            keys.forEach(key -> body.withArray("/keys").add(key));
            return version > 0 ? body.put("version", version) : body;
        }
    }
}
