package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.TierNow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir tier ...`: what is in the archive, and getting it there now.
@Command(
        name = "tier",
        description = "Show what is archived, or archive a topic to its end now.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TierCommand.Status.class, TierCommand.Now.class})
public final class TierCommand {

    @Command(name = "status", description = "Show the archive, of all topics or of one.")
    static final class Status extends NodeCommand {
        @Parameters(paramLabel = "TOPIC", arity = "0..1")
        private @Nullable String topic;

        @Override
        public void run() {
            JsonNode answer = api().get(topic == null ? "/archive" : "/archive/" + Api.escape(topic));
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            Iterable<JsonNode> topics = answer.has("topics") ? answer.path("topics") : List.of(answer);
            for (JsonNode each : topics) {
                rows.add(List.of(
                        each.path("topic").asText(),
                        each.path("archiving").asText("-"),
                        each.path("segmentCount")
                                .asText(
                                        each.path("segments").isArray()
                                                ? "" + each.path("segments").size()
                                                : each.path("segments").asText("-")),
                        each.path("records").asText("-"),
                        each.path("originalBytes").asText("-"),
                        each.path("storedBytes").asText("-")));
            }
            printer()
                    .table(
                            List.of("TOPIC", "ARCHIVING", "SEGMENTS", "RECORDS", "ORIGINAL BYTES", "STORED BYTES"),
                            rows);
            if (topic != null) {
                segments(answer);
                lag(answer);
            }
        }

        private void segments(JsonNode answer) {
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode segment : answer.path("segments")) {
                rows.add(List.of(
                        segment.path("partition").asText(),
                        segment.path("firstOffset").asText() + ".."
                                + segment.path("lastOffset").asText(),
                        segment.path("records").asText(),
                        segment.path("batches").asText(),
                        segment.path("verbatimBatches").asText(),
                        segment.path("originalBytes").asText(),
                        segment.path("storedBytes").asText(),
                        files(segment)));
            }
            if (!rows.isEmpty()) {
                printer().line("");
                printer()
                        .table(
                                List.of(
                                        "PARTITION",
                                        "OFFSETS",
                                        "RECORDS",
                                        "BATCHES",
                                        "VERBATIM",
                                        "ORIGINAL BYTES",
                                        "STORED BYTES",
                                        "FILES"),
                                rows);
            }
        }

        private static String files(JsonNode segment) {
            List<String> paths = new ArrayList<>();
            segment.path("files").forEach(file -> paths.add(file.path("path").asText()));
            return String.join(" ", paths);
        }

        private void lag(JsonNode answer) {
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode lag : answer.path("lag")) {
                rows.add(List.of(
                        lag.path("partition").asText(),
                        lag.path("tieredTo").asText(),
                        lag.path("end").asText(),
                        lag.path("records").asText(),
                        lag.path("bytes").asText(),
                        lag.path("records").asLong() == 0
                                ? "-"
                                : lag.path("since").asText()));
            }
            if (!rows.isEmpty()) {
                printer().line("");
                printer()
                        .table(
                                List.of("PARTITION", "ARCHIVED TO", "END", "RECORDS BEHIND", "BYTES BEHIND", "SINCE"),
                                rows);
            }
        }
    }

    @Command(name = "now", description = "Archive everything a topic holds now and drop the local copies.")
    static final class Now extends NodeCommand {
        @Parameters(paramLabel = "TOPIC")
        private String topic = "";

        @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait (default 300).")
        private long timeoutSeconds = 300;

        @Override
        public void run() {
            JsonNode done = TierNow.run(api(), topic, Duration.ofSeconds(timeoutSeconds));
            if (wantsJson()) {
                printer().json(done);
                return;
            }
            long records = 0;
            for (JsonNode partition : done.path("partitions")) {
                records += partition.path("tiered").asLong();
            }
            printer()
                    .line("Topic '" + topic + "': archived up to offset " + records + " summed over "
                            + done.path("partitions").size() + " partitions; local copies are gone.");
        }
    }
}
