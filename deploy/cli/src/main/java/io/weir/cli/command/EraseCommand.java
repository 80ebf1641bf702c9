package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.Terminal;
import io.weir.cli.node.Waiting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir erase`: takes records out of the log and the table, for good.
@Command(
        name = "erase",
        description = {
            "Take records out of a topic for good: the log, the table and every object that holds them.",
            "Offsets stay: a reader of the log passes over a gap. The topic is archived to its end first.",
            "--where decides over the records that SQL shows; --key finds those of aborted transactions, too."
        })
public final class EraseCommand extends NodeCommand {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(300);

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @ArgGroup(multiplicity = "1")
    private Condition condition = new Condition();

    /// One of them.
    static final class Condition {
        @Option(names = "--where", paramLabel = "SQL", description = "A condition over the topic's columns.")
        private @Nullable String where;

        @Option(names = "--key", paramLabel = "KEY", description = "The key of the records, as text.")
        private @Nullable String key;
    }

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait (default 600).")
    private long timeoutSeconds = 600;

    @Override
    public void run() {
        String what = condition.where != null ? "WHERE " + condition.where : "with the key '" + condition.key + "'";
        Confirm.ask(yes, "Erase all records of topic '" + topic + "' " + what + "? They cannot be brought back.");
        ObjectNode body = Api.JSON.createObjectNode();
        if (condition.where != null) {
            body.put("where", condition.where);
        }
        if (condition.key != null) {
            body.put("key", condition.key);
        }
        Api api = api();
        long end = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
        JsonNode request = api.post("/archive/" + Api.escape(topic) + "/erase", body);
        String path = "/archive/erase/" + Api.escape(request.path("id").asText());
        while (!isOver(request)) {
            if (System.nanoTime() - end > 0) {
                throw new CliFailure(
                        CliFailure.EXTERNAL,
                        "Erase '" + request.path("id").asText() + "' is still "
                                + request.path("state").asText() + " after " + timeoutSeconds
                                + " s. It goes on; ask GET " + path + "." + problem(request));
            }
            progress(request);
            Waiting.pause(POLL_INTERVAL);
            request = api.get(path);
        }
        progress(request);
        if (Terminal.showsOutput() && !wantsJson()) {
            System.err.println();
        }
        if (request.path("state").asText().equals("FAILED")) {
            throw new CliFailure(
                    CliFailure.EXTERNAL, "Nothing was erased of topic '" + topic + "'." + problem(request));
        }
        if (wantsJson()) {
            printer().json(request);
            return;
        }
        printer()
                .line("Erased " + request.path("records").asText() + " records of topic '" + topic + "' in "
                        + request.path("segments").asText() + " segments. Receipt: "
                        + request.path("id").asText() + "." + unreadable(request));
    }

    private static boolean isOver(JsonNode request) {
        String state = request.path("state").asText();
        return state.equals("PURGED") || state.equals("FAILED");
    }

    private static String problem(JsonNode request) {
        return request.has("problem") ? " " + request.path("problem").asText() : "";
    }

    private static String unreadable(JsonNode request) {
        long batches = request.path("unreadableBatches").asLong();
        return batches == 0
                ? ""
                : " " + batches + " batches among the offsets cannot be read by anybody and stay as they are.";
    }

    private void progress(JsonNode request) {
        if (!wantsJson() && Terminal.showsOutput()) {
            System.err.printf("\r%-10s", request.path("state").asText());
        }
    }
}
