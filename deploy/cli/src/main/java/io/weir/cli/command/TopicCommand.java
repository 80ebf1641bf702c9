package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir topic ...`: topics of the log.
@Command(
        name = "topic",
        description = "List, create, describe, alter and delete topics.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TopicCommand.ListTopics.class,
            TopicCommand.Create.class,
            TopicCommand.Describe.class,
            TopicCommand.Alter.class,
            TopicCommand.Delete.class
        })
public final class TopicCommand {

    @Command(name = "list", aliases = "ls", description = "List topics.")
    static final class ListTopics extends NodeCommand {
        @Option(names = "--internal", description = "Weir's and Kafka's own topics too.")
        private boolean internal;

        @Override
        public void run() {
            Api api = api();
            JsonNode topics = api.get(api.clusterPath() + "/topics" + (internal ? "?internal=true" : ""))
                    .path("data");
            if (wantsJson()) {
                printer().json(topics);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode topic : topics) {
                rows.add(List.of(
                        topic.path("topic_name").asText(),
                        topic.path("partitions_count").asText(),
                        topic.path("replication_factor").asText()));
            }
            printer().table(List.of("TOPIC", "PARTITIONS", "REPLICATION"), rows);
        }
    }

    @Command(name = "create", description = "Create a topic.")
    static final class Create extends NodeCommand {
        @Parameters(paramLabel = "TOPIC")
        private String topic = "";

        @Option(names = "--partitions", paramLabel = "N", description = "Number of partitions (default: the node's).")
        private @Nullable Integer partitions;

        @Option(
                names = "--replication",
                paramLabel = "N",
                description = "Copies of each partition (default: the node's).")
        private @Nullable Integer replication;

        @Option(
                names = "--config",
                paramLabel = "NAME=VALUE",
                description = "A topic config, such as cleanup.policy=compact.")
        private Map<String, String> configs = Map.of();

        @Override
        public void run() {
            Api api = api();
            ObjectNode body = Api.JSON.createObjectNode().put("topic_name", topic);
            if (partitions != null) {
                body.put("partitions_count", partitions);
            }
            if (replication != null) {
                body.put("replication_factor", replication);
            }
            ArrayNode list = body.putArray("configs");
            configs.forEach((name, value) -> list.addObject().put("name", name).put("value", value));
            JsonNode created = api.post(api.clusterPath() + "/topics", body);
            if (wantsJson()) {
                printer().json(created);
                return;
            }
            printer()
                    .line("Created topic '" + topic + "' with "
                            + created.path("partitions_count").asText("?") + " partitions.");
        }
    }

    @Command(name = "describe", description = "Show a topic's partitions, offsets and settings.")
    static final class Describe extends NodeCommand {
        @Parameters(paramLabel = "TOPIC")
        private String topic = "";

        @Override
        public void run() {
            Api api = api();
            String path = api.clusterPath() + "/topics/" + Api.escape(topic);
            ObjectNode all = Api.JSON.createObjectNode();
            all.set("topic", api.get(path));
            all.set("partitions", api.get(path + "/partitions").path("data"));
            all.set("configs", api.get(path + "/configs").path("data"));
            if (wantsJson()) {
                printer().json(all);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode partition : all.path("partitions")) {
                rows.add(List.of(
                        partition.path("partition_id").asText(),
                        partition.path("leader").asText("-"),
                        numbers(partition.path("replicas")),
                        numbers(partition.path("in_sync_replicas")),
                        partition.path("earliest_offset").asText("-"),
                        partition.path("latest_offset").asText("-")));
            }
            printer().table(List.of("PARTITION", "LEADER", "REPLICAS", "IN SYNC", "EARLIEST", "LATEST"), rows);
            for (JsonNode config : all.path("configs")) {
                if (!config.path("is_default").asBoolean(false)) {
                    printer()
                            .line(config.path("name").asText() + "="
                                    + config.path("value").asText());
                }
            }
        }
    }

    private static String numbers(JsonNode ids) {
        return ids.valueStream().map(JsonNode::asText).collect(Collectors.joining(","));
    }

    @Command(name = "alter", description = "Change how a topic is archived. Without options: show what is set.")
    static final class Alter extends NodeCommand {
        @Parameters(paramLabel = "TOPIC")
        private String topic = "";

        @Option(
                names = "--lake.mode",
                paramLabel = "MODE",
                description = "parquet: rows and tables. classic: segments as they are, which SQL does not see.")
        private @Nullable String mode;

        @Option(
                names = "--lake.freshness",
                paramLabel = "TIME",
                description = "How long a record may wait for the archive, such as 10m.")
        private @Nullable String freshness;

        @Option(
                names = "--lake.retention",
                paramLabel = "WHAT",
                description =
                        "How long rows stay in the table: follow (the log), keep (for ever) or a time such as 90d.")
        private @Nullable String retention;

        @Option(names = "--reset", paramLabel = "NAME", description = "Back to what the node says, such as lake.mode.")
        private List<String> reset = List.of();

        @Override
        public void run() {
            ObjectNode changes = Api.JSON.createObjectNode();
            if (mode != null) {
                changes.put("lake.mode", mode);
            }
            if (freshness != null) {
                changes.put("lake.freshness", freshness);
            }
            if (retention != null) {
                changes.put("lake.retention", retention);
            }
            reset.forEach(changes::putNull);
            JsonNode settings = api().patch("/archive/" + Api.escape(topic), changes);
            if (wantsJson()) {
                printer().json(settings);
                return;
            }
            settings.properties()
                    .forEach(setting -> printer()
                            .line(setting.getKey() + "=" + setting.getValue().asText()));
            if (settings.isEmpty()) {
                printer().line("Topic '" + topic + "': nothing is set, it follows the node.");
            }
        }
    }

    @Command(name = "delete", aliases = "rm", description = "Delete a topic and all its records.")
    static final class Delete extends NodeCommand {
        @Parameters(paramLabel = "TOPIC")
        private String topic = "";

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        public void run() {
            Confirm.ask(yes, "Delete topic '" + topic + "' with all its records?");
            Api api = api();
            api.delete(api.clusterPath() + "/topics/" + Api.escape(topic));
            if (wantsJson()) {
                printer().json(Api.JSON.createObjectNode().put("deleted", topic));
                return;
            }
            printer().line("Deleted topic '" + topic + "'.");
        }
    }
}
