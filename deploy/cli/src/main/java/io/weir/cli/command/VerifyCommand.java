package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.Terminal;
import io.weir.cli.node.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir verify`: is what was archived still what was written?
@Command(
        name = "verify",
        description = {
            "Hold the archive against itself, its tables and the log. Exit code 1 when something is not as it must be.",
            "meta: sidecars can be read, objects exist in their lengths, offsets follow each other.",
            "rows: every batch is given back to its checksum, and each row is in the table once.",
            "deep: records equal the local log's where it still has them, and the table's rows the segments'."
        })
public final class VerifyCommand extends NodeCommand {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /// What `--level` takes.
    enum Level {
        META,
        ROWS,
        DEEP
    }

    @Parameters(paramLabel = "TOPIC", arity = "0..1", description = "Default: every topic.")
    private @Nullable String topic;

    @Option(names = "--level", paramLabel = "LEVEL", description = "meta, rows or deep (default meta).")
    private Level level = Level.META;

    @Override
    public void run() {
        Api api = api();
        ObjectNode body = Api.JSON.createObjectNode().put("level", level.name().toLowerCase(Locale.ROOT));
        if (topic != null) {
            body.put("topic", topic);
        }
        long start = System.nanoTime();
        JsonNode answer = api.post("/archive/verify", body);
        String path = "/archive/verify/" + Api.escape(answer.path("id").asText());
        while (answer.path("state").asText().equals("RUNNING")) {
            progress(answer, System.nanoTime() - start);
            Waiting.pause(POLL_INTERVAL);
            answer = api.get(path);
        }
        progress(answer, System.nanoTime() - start);
        print(answer);
        switch (answer.path("state").asText()) {
            case "CLEAN" -> {}
            case "FINDINGS" ->
                throw new CliFailure(
                        CliFailure.CHECK,
                        answer.path("findings").size() + " findings: the archive is not as it must be.");
            default ->
                throw new CliFailure(
                        CliFailure.EXTERNAL,
                        answer.path("unverified").size() + " segments or tables could not be looked at: "
                                + answer.path("unverified").path(0).asText());
        }
    }

    private void progress(JsonNode answer, long nanos) {
        if (wantsJson() || !Terminal.showsOutput()) {
            return;
        }
        int done = answer.path("segmentsDone").asInt();
        int all = answer.path("segments").asInt();
        double seconds = nanos / 1e9;
        String left = done == 0 || done == all ? "" : String.format(", %.0f s left", seconds / done * (all - done));
        System.err.printf(
                "\r%d of %d segments, %,.0f records/s%s   ",
                done, all, answer.path("records").asLong() / Math.max(0.001, seconds), left);
        if (!answer.path("state").asText().equals("RUNNING")) {
            System.err.println();
        }
    }

    private void print(JsonNode answer) {
        if (wantsJson()) {
            printer().json(answer);
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode finding : answer.path("findings")) {
            rows.add(List.of(
                    finding.path("topic").asText() + "-"
                            + finding.path("partition").asText(),
                    finding.path("firstOffset").asText() + ".."
                            + finding.path("lastOffset").asText(),
                    finding.path("object").asText(),
                    finding.path("problem").asText()));
        }
        if (!rows.isEmpty()) {
            printer().table(List.of("PARTITION", "OFFSETS", "OBJECT", "PROBLEM"), rows);
        }
        printer()
                .line("Verified (" + answer.path("level").asText() + ") "
                        + answer.path("segmentsDone").asText() + " segments, "
                        + answer.path("records").asText() + " records, "
                        + answer.path("comparedRecords").asText() + " of them held against the local log, "
                        + answer.path("tableRows").asText() + " rows in tables: "
                        + answer.path("findings").size() + " findings.");
    }
}
