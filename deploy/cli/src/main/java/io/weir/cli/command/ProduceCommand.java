package io.weir.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir produce TOPIC`: one record a line, from the command line, a file or standard input.
@Command(
        name = "produce",
        description = {
            "Write records: one a line, from --value, --file or standard input.",
            "A line's bytes become the record's value unchanged, whether they are JSON or not."
        })
public final class ProduceCommand extends NodeCommand {
    private static final int LINES_PER_REQUEST = 500;

    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Option(names = "--value", paramLabel = "TEXT", description = "One record instead of a file or standard input.")
    private @Nullable String value;

    @Option(names = "--file", paramLabel = "FILE")
    private @Nullable Path file;

    @Option(names = "--key", paramLabel = "TEXT", description = "The key of every record.")
    private @Nullable String key;

    @Option(names = "--header", paramLabel = "NAME=VALUE")
    private Map<String, String> headers = Map.of();

    @Option(names = "--timestamp", paramLabel = "INSTANT", description = "ISO-8601, such as 2026-01-02T03:04:05Z.")
    private @Nullable String timestamp;

    private final StringBuilder pending = new StringBuilder();
    private int pendingLines;
    private long written;
    private JsonNode last = Api.JSON.nullNode();

    @Override
    public void run() {
        Api api = api();
        String path = api.clusterPath() + "/topics/" + Api.escape(topic) + "/records";
        try {
            if (value != null) {
                add(api, path, value);
            } else {
                try (BufferedReader lines = open()) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        if (!line.isEmpty()) {
                            add(api, path, line);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USER, "File '" + file + "': cannot be read (" + e.getMessage() + ").", e);
        }
        flush(api, path);
        if (wantsJson()) {
            ObjectNode result = Api.JSON.createObjectNode().put("written", written);
            result.set("last", last);
            printer().json(result);
        } else if (written == 0) {
            printer().line("Nothing to write.");
        } else {
            printer()
                    .line(written + (written == 1 ? " record" : " records") + " written to '" + topic
                            + "'; the last is partition "
                            + last.path("partition_id").asText() + ", offset "
                            + last.path("offset").asText() + ".");
        }
    }

    private BufferedReader open() throws IOException {
        return file == null
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(file);
    }

    private void add(Api api, String path, String line) {
        ObjectNode body = Api.JSON.createObjectNode();
        if (key != null) {
            body.putObject("key").put("type", "STRING").put("data", key);
        }
        // STRING keeps the line's bytes as they are, JSON or not
        body.putObject("value").put("type", "STRING").put("data", line);
        if (timestamp != null) {
            body.put("timestamp", timestamp);
        }
        ArrayNode list = body.putArray("headers");
        headers.forEach((name, text) -> list.addObject()
                .put("name", name)
                .put("value", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        pending.append(body).append('\n');
        if (++pendingLines >= LINES_PER_REQUEST) {
            flush(api, path);
        }
    }

    private void flush(Api api, String path) {
        if (pendingLines == 0) {
            return;
        }
        String answers = api.postText(path, "application/json", pending.toString(), "application/json");
        for (String answer : answers.lines().toList()) {
            if (answer.isBlank()) {
                continue;
            }
            JsonNode result = parseAnswer(answer);
            if (result.path("error_code").asInt(200) >= 400) {
                throw new CliFailure(
                        CliFailure.USER,
                        result.path("detail").asText(result.path("message").asText(answer)) + " (" + written
                                + " records were written before)");
            }
            last = result;
            written++;
        }
        pending.setLength(0);
        pendingLines = 0;
    }

    private static JsonNode parseAnswer(String answer) {
        try {
            return Api.JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new CliFailure(CliFailure.INTERNAL, "The node's answer is no JSON: " + answer, e);
        }
    }
}
