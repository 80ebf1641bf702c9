package io.weir.streams.job.life;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a user may set for one job: `weir.job.threads`, and settings of Kafka Streams and its clients except
/// those that Weir owns.
///
/// @param values as given; empty takes every default
public record JobConfig(Map<String, String> values) {
    private static final String THREADS = "weir.job.threads";
    private static final int MOST_THREADS = 64;
    private static final Set<String> KNOWN = Set.of(THREADS);

    /// Names, group, exactly-once and where the log is: changed, they would break what the life cycle
    /// promises.
    private static final Map<String, String> OWNED = Map.of(
            "application.server", "It follows from the node's address.",
            "application.id", "It is <job>.v<version>.",
            "bootstrap.servers", "A job runs on this log.",
            "group.id", "It is <job>.v<version>.",
            "group.protocol", "A replay needs the classic protocol.",
            "processing.guarantee", "Jobs are exactly-once.",
            "num.stream.threads", "Set " + THREADS + ".",
            "state.dir", "Set weir.jobs.state.dir for the node.",
            "transactional.id", "It follows from the job's name.",
            "errors.dead.letter.queue.topic.name", "It is <job>.dlq.");

    public JobConfig {
        values = Map.copyOf(values);
        values.keySet().forEach(JobConfig::requireKnown);
        threads(values);
    }

    /// Stream threads of the job on each node, 1 to 64, if the user has set them.
    public Optional<Integer> threads() {
        return threads(values);
    }

    /// Settings for Kafka Streams and its clients.
    public Map<String, Object> clientSettings() {
        Map<String, Object> settings = new HashMap<>(values);
        settings.keySet().removeIf(key -> key.startsWith("weir."));
        return settings;
    }

    private static void requireKnown(String key) {
        if (key.startsWith("weir.") && !KNOWN.contains(key)) {
            throw refusal("Setting '" + key + "': is unknown for a job." + NearestName.hint(KNOWN, key));
        }
        String why = OWNED.get(key);
        if (why != null) {
            throw refusal("Setting '" + key + "': must not be set for a job. " + why);
        }
    }

    private static Optional<Integer> threads(Map<String, String> values) {
        String given = values.get(THREADS);
        if (given == null) {
            return Optional.empty();
        }
        if (!given.matches("[0-9]{1,3}") || Integer.parseInt(given) < 1 || Integer.parseInt(given) > MOST_THREADS) {
            throw refusal("Setting '" + THREADS + "': must be 1 to " + MOST_THREADS + ", got '" + given + "'.");
        }
        return Optional.of(Integer.parseInt(given));
    }

    private static WeirException refusal(String message) {
        return new WeirException("job-config-invalid", Whose.USER, 422, message, null);
    }
}
