package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunState.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Looks at the topics of a version before it starts: sources must be there, outputs are created without a
/// time limit, and an output that would delete what the job writes is refused.
final class Topics {
    private static final long DEADLINE_SECONDS = 30;
    private static final String FOREVER = "-1";

    private final Admin admin;
    private final RunSpec spec;

    Topics(Admin admin, RunSpec spec) {
        this.admin = admin;
        this.spec = spec;
    }

    /// Partition counts of the sources, by topic.
    ///
    /// @throws StartRefused when one is missing, or the log does not answer
    Map<String, Integer> sources() {
        Map<String, Integer> counts = counts(spec.plan().sources());
        for (String topic : spec.plan().sources()) {
            if (!counts.containsKey(topic)) {
                throw new StartRefused(
                        Owner.USER,
                        reader(topic),
                        "Topic '" + topic + "': the job reads it, but it does not exist. Create it, then start the job."
                                + hint(topic));
            }
        }
        return counts;
    }

    /// The stage that reads a topic.
    private String reader(String topic) {
        for (Stage stage : spec.plan().stages()) {
            boolean reads = stage instanceof Stage.Source source
                    ? source.topic().equals(topic)
                    : stage instanceof Stage.Foreign foreign && foreign.reads().contains(topic);
            if (reads) {
                return stage.name();
            }
        }
        return topic;
    }

    /// Creates the outputs that are not there, and checks those that are.
    ///
    /// @param partitions partition counts by stage name
    /// @param deadLetters the dead letter topic
    /// @throws StartRefused when an output would lose what is written to it
    void prepareOutputs(Map<String, Integer> partitions, String deadLetters) {
        Map<String, NewTopic> outputs = new LinkedHashMap<>();
        Plan plan = spec.plan();
        for (Stage stage : plan.stages()) {
            int count = Math.max(1, partitions.getOrDefault(stage.name(), 1));
            String late = stage.late();
            if (stage instanceof Stage.Foreign foreign) {
                for (String output : foreign.writes()) {
                    String topic = spec.topicOf(output);
                    outputs.putIfAbsent(topic, output(topic, count, false));
                }
            }
            if (stage instanceof Stage.Sink sink) {
                String topic = spec.topicOf(sink.topic());
                outputs.putIfAbsent(topic, output(topic, count, sink.upsert()));
            } else if (late != null) {
                String topic = spec.topicOf(late);
                outputs.putIfAbsent(topic, output(topic, count, false));
            }
        }
        int widest =
                partitions.values().stream().mapToInt(Integer::intValue).max().orElse(1);
        outputs.put(deadLetters, output(deadLetters, widest, false));
        Set<String> present = counts(outputs.keySet()).keySet();
        checkRetention(present, deadLetters);
        List<NewTopic> missing = new ArrayList<>();
        outputs.forEach((topic, output) -> {
            if (!present.contains(topic)) {
                missing.add(output);
            }
        });
        create(missing);
    }

    private NewTopic output(String topic, int partitions, boolean upsert) {
        String policy = upsert ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE;
        return new NewTopic(topic, partitions, spec.replicationFactor())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        policy,
                        TopicConfig.RETENTION_MS_CONFIG,
                        FOREVER,
                        TopicConfig.RETENTION_BYTES_CONFIG,
                        FOREVER));
    }

    private void create(List<NewTopic> topics) {
        admin.createTopics(topics).values().forEach((topic, creation) -> {
            try {
                get(creation);
            } catch (StartRefused refused) {
                if (!(refused.getCause() instanceof TopicExistsException)) {
                    throw refused;
                }
            }
        });
    }

    private void checkRetention(Collection<String> outputs, String deadLetters) {
        List<ConfigResource> resources = outputs.stream()
                .filter(topic -> !topic.equals(deadLetters))
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<ConfigResource, Config> configs = resources.isEmpty()
                ? Map.of()
                : get(admin.describeConfigs(resources).all());
        configs.forEach((topic, config) -> {
            String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
            String millis = value(config, TopicConfig.RETENTION_MS_CONFIG);
            String bytes = value(config, TopicConfig.RETENTION_BYTES_CONFIG);
            boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE);
            if (deletes && !(millis.equals(FOREVER) && bytes.equals(FOREVER))) {
                throw new StartRefused(
                        Owner.USER,
                        topic.name(),
                        "Topic '" + topic.name() + "': retention-would-delete: results carry the time of their events"
                                + " and may be older than its retention, got retention.ms=" + millis
                                + ", retention.bytes=" + bytes + ". Set both to -1.");
            }
        });
    }

    private static String value(Config config, String name) {
        return config.get(name) == null ? "" : String.valueOf(config.get(name).value());
    }

    /// Partition counts of those topics that exist.
    private Map<String, Integer> counts(Collection<String> topics) {
        Map<String, Integer> counts = new HashMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> entry :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                counts.put(entry.getKey(), get(entry.getValue()).partitions().size());
            } catch (StartRefused refused) {
                if (!(refused.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw refused;
                }
            }
        }
        return counts;
    }

    private String hint(String topic) {
        Set<String> names = new TreeSet<>(get(admin.listTopics().names()));
        names.removeIf(name -> name.startsWith("__"));
        String nearest = Collections.min(
                names.isEmpty() ? List.of("") : names, (a, b) -> Integer.compare(unlike(a, topic), unlike(b, topic)));
        return !nearest.isEmpty() && unlike(nearest, topic) <= Math.max(2, topic.length() / 3)
                ? " Did you mean '" + nearest + "'?"
                : "";
    }

    /// Letters that stand in one of the names only.
    private static int unlike(String a, String b) {
        List<Character> left = new ArrayList<>();
        b.chars().forEach(letter -> left.add((char) letter));
        int missing = 0;
        for (int i = 0; i < a.length(); i++) {
            missing += left.remove((Character) a.charAt(i)) ? 0 : 1;
        }
        return missing + left.size();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            StartRefused refused = new StartRefused(
                    Failures.owner(e.getCause()), "", Failures.sentence(e.getCause() == null ? e : e.getCause()));
            refused.initCause(e.getCause());
            throw refused;
        } catch (TimeoutException e) {
            throw new StartRefused(
                    Owner.EXTERNAL, "", "The log has not answered for " + DEADLINE_SECONDS + " seconds.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused(Owner.INTERNAL, "", "Interrupted while the job was starting.");
        }
    }
}
