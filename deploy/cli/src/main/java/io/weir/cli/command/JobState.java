package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cli.node.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir job topology|stores|get`: what a job is made of, and what it keeps.
final class JobState {
    private JobState() {}

    private static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty()) {
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(Api.escape(value));
            }
        });
        return query.toString();
    }

    /// A command about the state of one version.
    abstract static class OfVersion extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Option(names = "--version-number", paramLabel = "N", description = "Of another version than the live one.")
        private String version = "";

        String path() {
            return "/jobs/" + Api.escape(job) + "/stores";
        }

        Map<String, String> parameters() {
            Map<String, String> parameters = new TreeMap<>();
            parameters.put("version", version);
            return parameters;
        }
    }

    @Command(
            name = "topology",
            description = "Draw the plan of a job in Mermaid's language; with --json the graph with counts and sizes.")
    static final class Topology extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Option(names = "--version-number", paramLabel = "N", description = "Of another version than the live one.")
        private String version = "";

        @Override
        public void run() {
            JsonNode answer = api().get("/jobs/" + Api.escape(job) + "/topology" + query(Map.of("version", version)));
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            printer().line(answer.path("mermaid").asText().stripTrailing());
        }
    }

    @Command(name = "stores", description = "List the stores of a running job.")
    static final class Stores extends OfVersion {
        @Override
        public void run() {
            JsonNode answer = api().get(path() + query(parameters()));
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode store : answer.path("stores")) {
                rows.add(List.of(
                        store.path("store").asText(),
                        store.path("kind").asText(),
                        store.path("key").asText("-"),
                        store.path("value").asText("-"),
                        store.path("entries").asText("-"),
                        store.path("bytes").asText("-")));
            }
            printer().table(List.of("STORE", "KIND", "KEY", "VALUE", "ENTRIES HERE", "BYTES HERE"), rows);
        }
    }

    @Command(
            name = "get",
            description = "Read a store of a running job: the row or the open windows of a key, or the first rows.")
    static final class Get extends OfVersion {
        @Parameters(index = "1", paramLabel = "STORE")
        private String store = "";

        @Parameters(index = "2", paramLabel = "KEY", arity = "0..1", defaultValue = "")
        private String key = "";

        @Option(names = "--from", paramLabel = "TIME", description = "Windows that end after this instant.")
        private String from = "";

        @Option(names = "--to", paramLabel = "TIME", description = "Windows that begin before this instant.")
        private String to = "";

        @Option(names = "--from-key", paramLabel = "KEY", description = "The first key of a range.")
        private String fromKey = "";

        @Option(names = "--to-key", paramLabel = "KEY", description = "The last key of a range.")
        private String toKey = "";

        @Option(names = "--limit", paramLabel = "ROWS", description = "At most so many rows, up to 1000.")
        private String limit = "";

        @Option(
                names = "--at-least",
                paramLabel = "VECTOR",
                description = "Wait until the store has come so far, for example {\"clicks-0\": 17}.")
        private String atLeast = "";

        @Option(names = "--stale", description = "Also from state that is still being restored.")
        private boolean stale;

        @Override
        public void run() {
            Map<String, String> parameters = parameters();
            parameters.put("from", from);
            parameters.put("to", to);
            parameters.put("fromKey", fromKey);
            parameters.put("toKey", toKey);
            parameters.put("limit", limit);
            parameters.put("atLeast", atLeast);
            parameters.put("stale", stale ? "true" : "");
            String which = "/" + Api.escape(store) + (key.isEmpty() ? "" : "/" + Api.escape(key));
            JsonNode answer = api().get(path() + which + query(parameters));
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            if (answer.has("value")) {
                printer().line(answer.path("key") + "  " + answer.path("value"));
                return;
            }
            for (JsonNode row : answer.path("rows")) {
                JsonNode window = row.path("window");
                String of = window.isMissingNode()
                        ? ""
                        : "  " + window.path("start").asText() + " .. "
                                + window.path("end").asText();
                printer().line(row.path("key") + of + "  " + row.path("value"));
            }
            if (answer.path("rows").isEmpty()) {
                printer()
                        .line(
                                answer.path("final").asBoolean()
                                        ? "no row: these windows have closed, their rows are in the output"
                                        : "no row");
            }
            if (answer.has("next")) {
                printer().line("... and more: narrow the range, or SELECT from the output");
            }
        }
    }
}
