package io.weir.cli.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/// Asks the node to archive a topic and waits until it is done.
public final class TierNow {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(250);

    private TierNow() {}

    /// @return the node's last answer, whose state is `DONE`
    public static JsonNode run(Api api, String topic, Duration timeout) {
        String path = "/archive/" + Api.escape(topic) + "/tier";
        long deadline = System.nanoTime() + timeout.toNanos();
        JsonNode answer = api.post(path, null);
        while (!answer.path("state").asText().equals("DONE")) {
            if (System.nanoTime() > deadline) {
                throw new CliFailure(
                        CliFailure.EXTERNAL,
                        "Topic '" + topic + "': not archived within " + timeout.toSeconds() + " s: "
                                + answer.path("partitions") + ". It goes on; see ./weir tier status " + topic);
            }
            Waiting.pause(POLL_INTERVAL);
            answer = api.get(path);
        }
        return answer;
    }
}
