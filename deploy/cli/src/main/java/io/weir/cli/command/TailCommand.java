package io.weir.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir tail TOPIC`: records as they arrive, from the log's server-sent events.
@Command(name = "tail", description = "Show records as they arrive; with --from or --from-offset, older ones first.")
public final class TailCommand extends NodeCommand {
    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(names = "--from", paramLabel = "INSTANT", description = "From this record time on: ISO-8601.")
    private @Nullable String from;

    @Option(names = "--from-offset", paramLabel = "OFFSET", description = "A number, earliest, latest or last:N.")
    private @Nullable String fromOffset;

    @Option(names = "--partition", paramLabel = "N")
    private @Nullable Integer partition;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many records.")
    private long limit = Long.MAX_VALUE;

    @Option(names = "--headers", description = "Show headers too.")
    private boolean headers;

    private long shown;

    @Override
    public void run() {
        Api api = api();
        StringBuilder path = new StringBuilder(api.clusterPath() + "/topics/" + Api.escape(topic) + "/records?offset=");
        path.append(from != null ? "time:" + Api.escape(from) : fromOffset == null ? "latest" : Api.escape(fromOffset));
        if (partition != null) {
            path.append("&partition=").append(partition);
        }
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(api.open(path.toString(), "text/event-stream"), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && shown < limit; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    show(Api.JSON.readTree(line.substring(5)));
                }
            }
        } catch (JsonProcessingException e) {
            throw new CliFailure(CliFailure.INTERNAL, "The node sent an event that is no JSON: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CliFailure(CliFailure.EXTERNAL, "The tail of '" + topic + "' ended: " + e.getMessage(), e);
        }
    }

    private void show(JsonNode event) {
        if (event.has("records")) {
            for (JsonNode record : event.path("records")) {
                showRecord(record);
            }
            return;
        }
        showRecord(event);
    }

    private void showRecord(JsonNode record) {
        if (!record.has("offset") || shown >= limit) {
            return;
        }
        shown++;
        if (wantsJson()) {
            printer().json(record);
            return;
        }
        String line =
                record.path("partition").asText() + "@" + record.path("offset").asText() + "  "
                        + record.path("timestamp").asText() + "  " + data(record.path("key")) + "  "
                        + data(record.path("value"));
        printer().line(headers ? line + "  " + record.path("headers") : line);
    }

    private static String data(JsonNode typed) {
        JsonNode data = typed.path("data");
        return data.isMissingNode() || data.isNull() ? "-" : data.isTextual() ? data.asText() : data.toString();
    }
}
