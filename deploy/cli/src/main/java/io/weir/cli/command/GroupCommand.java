package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `weir group ...`: consumer groups and how far they are behind.
@Command(
        name = "group",
        description = "List consumer groups and show their lag.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {GroupCommand.ListGroups.class, GroupCommand.Describe.class})
public final class GroupCommand {

    @Command(name = "list", aliases = "ls", description = "List consumer groups.")
    static final class ListGroups extends NodeCommand {
        @Override
        public void run() {
            Api api = api();
            JsonNode groups = api.get(api.clusterPath() + "/consumer-groups").path("data");
            if (wantsJson()) {
                printer().json(groups);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode group : groups) {
                rows.add(List.of(
                        group.path("consumer_group_id").asText(),
                        group.path("state").asText("-"),
                        group.path("type").asText("-")));
            }
            printer().table(List.of("GROUP", "STATE", "TYPE"), rows);
        }
    }

    @Command(name = "describe", description = "Show a group's committed offsets and lag.")
    static final class Describe extends NodeCommand {
        @Parameters(paramLabel = "GROUP")
        private String group = "";

        @Override
        public void run() {
            Api api = api();
            String path = api.clusterPath() + "/consumer-groups/" + Api.escape(group);
            JsonNode lags = api.get(path + "/lags").path("data");
            if (wantsJson()) {
                ObjectNode all = Api.JSON.createObjectNode();
                all.set("group", api.get(path));
                all.set("lags", lags);
                printer().json(all);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode lag : lags) {
                rows.add(List.of(
                        lag.path("topic_name").asText(),
                        lag.path("partition_id").asText(),
                        lag.path("current_offset").asText(),
                        lag.path("log_end_offset").asText(),
                        lag.path("lag").asText(),
                        lag.path("client_id").asText("-")));
            }
            printer().table(List.of("TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "CLIENT"), rows);
        }
    }
}
