package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir connect ...`: connectors, over Kafka Connect's own REST interface.
@Command(
        name = "connect",
        description = "List, create, inspect and delete connectors.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ConnectCommand.ListConnectors.class,
            ConnectCommand.Create.class,
            ConnectCommand.Status.class,
            ConnectCommand.Delete.class
        })
public final class ConnectCommand {

    @Command(name = "list", aliases = "ls", description = "List connectors with their state.")
    static final class ListConnectors extends NodeCommand {
        @Override
        public void run() {
            JsonNode connectors = api().get("/connectors?expand=status");
            if (wantsJson()) {
                printer().json(connectors);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (Map.Entry<String, JsonNode> entry : connectors.properties()) {
                JsonNode status = entry.getValue().path("status");
                rows.add(List.of(
                        entry.getKey(),
                        status.path("type").asText("-"),
                        status.path("connector").path("state").asText("-"),
                        tasks(status.path("tasks"))));
            }
            printer().table(List.of("CONNECTOR", "TYPE", "STATE", "TASKS"), rows);
        }

        private static String tasks(JsonNode tasks) {
            List<String> states = new ArrayList<>();
            tasks.forEach(task -> states.add(task.path("state").asText()));
            return states.isEmpty() ? "-" : String.join(",", states);
        }
    }

    @Command(
            name = "create",
            description =
                    "Create a connector from a JSON file: {\"name\": ..., \"config\": {...}} or the config alone.")
    static final class Create extends NodeCommand {
        @Parameters(paramLabel = "FILE")
        private Path file = Path.of("");

        @Option(names = "--name", paramLabel = "NAME", description = "The connector's name, else the file's 'name'.")
        private @Nullable String name;

        @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets or replaces a config key.")
        private Map<String, String> settings = Map.of();

        @Override
        public void run() {
            JsonNode parsed = read();
            ObjectNode config = Api.JSON.createObjectNode();
            JsonNode source = parsed.has("config") ? parsed.path("config") : parsed;
            source.properties()
                    .forEach(
                            entry -> config.put(entry.getKey(), entry.getValue().asText()));
            settings.forEach(config::put);
            String chosen = name != null
                    ? name
                    : parsed.path("name").asText(config.path("name").asText(""));
            if (chosen.isEmpty()) {
                throw new CliFailure(CliFailure.USER, "File '" + file + "': has no 'name'. Give one with --name.");
            }
            ObjectNode body = Api.JSON.createObjectNode().put("name", chosen);
            body.set("config", config);
            JsonNode created = api().post("/connectors", body);
            if (wantsJson()) {
                printer().json(created);
                return;
            }
            printer().line("Created connector '" + chosen + "'. Follow it: ./weir connect status " + chosen);
        }

        private JsonNode read() {
            try {
                JsonNode parsed = Api.JSON.readTree(Files.readAllBytes(file));
                if (parsed == null || !parsed.isObject()) {
                    throw new CliFailure(CliFailure.USER, "File '" + file + "': a connector is a JSON object.");
                }
                return parsed;
            } catch (IOException e) {
                throw new CliFailure(CliFailure.USER, "File '" + file + "': " + firstLine(e), e);
            }
        }

        private static String firstLine(IOException e) {
            return e instanceof java.nio.file.NoSuchFileException
                    ? "does not exist."
                    : String.valueOf(e.getMessage()).lines().findFirst().orElse("cannot be read.");
        }
    }

    @Command(name = "status", description = "Show a connector's and its tasks' state, with the error of a failed one.")
    static final class Status extends NodeCommand {
        @Parameters(paramLabel = "CONNECTOR")
        private String connector = "";

        @Override
        public void run() {
            JsonNode status = api().get("/connectors/" + Api.escape(connector) + "/status");
            if (wantsJson()) {
                printer().json(status);
                return;
            }
            printer()
                    .line(connector + "  " + status.path("type").asText() + "  "
                            + status.path("connector").path("state").asText());
            failure(status.path("connector"));
            for (JsonNode task : status.path("tasks")) {
                printer()
                        .line("task " + task.path("id").asText() + "  "
                                + task.path("state").asText());
                failure(task);
            }
        }

        private void failure(JsonNode part) {
            part.path("trace")
                    .asText("")
                    .lines()
                    .filter(line -> !line.startsWith("\tat "))
                    .limit(4)
                    .forEach(line -> printer().line("    " + line.strip()));
        }
    }

    @Command(name = "delete", aliases = "rm", description = "Delete a connector; its topics stay.")
    static final class Delete extends NodeCommand {
        @Parameters(paramLabel = "CONNECTOR")
        private String connector = "";

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        public void run() {
            Confirm.ask(yes, "Delete connector '" + connector + "'?");
            api().delete("/connectors/" + Api.escape(connector));
            if (wantsJson()) {
                printer().json(Api.JSON.createObjectNode().put("deleted", connector));
                return;
            }
            printer().line("Deleted connector '" + connector + "'.");
        }
    }
}
