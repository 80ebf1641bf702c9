package io.weir.tiered.archive;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Switches archiving on, by public topic configuration only, so that it works on any cluster.
///
/// Local copies are bounded by bytes, never by time: a limit in milliseconds compares record timestamps with
/// the clock and would drop old data the moment it arrives. Safe for use by any thread; does not own the
/// admin client.
public final class Archiving {
    private static final Logger LOG = LoggerFactory.getLogger(Archiving.class);
    static final String REMOTE_ENABLED = "remote.storage.enable";
    static final String LOCAL_BYTES = "local.retention.bytes";
    private static final String LOCAL_MILLIS = "local.retention.ms";
    private static final String FOLLOW_RETENTION = "-2";
    private static final int SWEEP_EVERY = 6;

    private final Admin admin;
    private final boolean byDefault;
    private final long localBytes;
    private final @Nullable String off;

    /// Topics that need no look until the next sweep.
    private final Set<String> settled = ConcurrentHashMap.newKeySet();

    private int ticks;

    /// @param byDefault whether ordinary topics are archived without being asked for
    /// @param localBytes local copies kept of each partition
    public Archiving(Admin admin, boolean byDefault, long localBytes) {
        this(admin, byDefault, localBytes, null);
    }

    private Archiving(Admin admin, boolean byDefault, long localBytes, @Nullable String off) {
        this.admin = admin;
        this.byDefault = byDefault;
        this.localBytes = localBytes;
        this.off = off;
    }

    /// On a cluster whose brokers have no archive: no topic is switched on, and asking for it is refused.
    ///
    /// @param reason for a person: why, and what to do
    public static Archiving off(Admin admin, String reason) {
        return new Archiving(admin, false, 0, reason);
    }

    /// One look at the cluster's topics: those that should be archived and are not get it. Call it from one
    /// thread.
    ///
    /// @throws ArchiveUnavailableException the log did not answer
    public void reconcile() {
        if (!byDefault) {
            return;
        }
        if (ticks++ % SWEEP_EVERY == 0) {
            settled.clear();
        }
        Set<String> fresh =
                new HashSet<>(AdminAnswers.about("*", admin.listTopics().names()));
        fresh.removeAll(settled);
        fresh.removeIf(topic -> topic.startsWith("__"));
        if (fresh.isEmpty()) {
            return;
        }
        configs(fresh).forEach((topic, config) -> {
            if (wanted(topic, config)) {
                tryEnable(topic, config);
            }
            settled.add(topic);
        });
    }

    private boolean wanted(String topic, Map<String, ConfigEntry> config) {
        ConfigEntry remote = config.get(REMOTE_ENABLED);
        // an answer given for this topic, yes or no, stands
        boolean decided = remote != null && remote.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG;
        return !decided
                && !isOn(config)
                && TopicChoice.of(topic, value(config, "cleanup.policy")) == TopicChoice.ARCHIVED;
    }

    private void tryEnable(String topic, Map<String, ConfigEntry> config) {
        try {
            enable(topic, config);
            LOG.info("Archiving switched on topic={}", topic);
        } catch (TopicNotArchivableException e) {
            LOG.warn("Archiving could not be switched on topic={} reason={}", topic, e.getMessage());
        } catch (NoSuchTopicException e) {
            LOG.debug("Topic has gone meanwhile topic={}", topic);
        }
    }

    /// Switches a topic on unless it is.
    ///
    /// @return its `local.retention.bytes` as set for this topic
    /// @throws TopicNotArchivableException internal, compacted, or refused by the broker
    /// @throws NoSuchTopicException there is no such topic
    String require(String topic) {
        Map<String, ConfigEntry> config = configs(List.of(topic)).getOrDefault(topic, Map.of());
        if (off != null) {
            throw TopicNotArchivableException.off(topic, off);
        }
        switch (TopicChoice.of(topic, value(config, "cleanup.policy"))) {
            case INTERNAL -> throw TopicNotArchivableException.internal(topic);
            case COMPACTED -> throw TopicNotArchivableException.compacted(topic);
            case ARCHIVED, ON_REQUEST -> {
                if (!isOn(config)) {
                    enable(topic, config);
                    return Long.toString(bound(config));
                }
            }
        }
        return value(config, LOCAL_BYTES);
    }

    /// Names of the topics that are archived now.
    public List<String> topics() {
        Set<String> names = AdminAnswers.about("*", admin.listTopics().names());
        Map<String, Boolean> on = new TreeMap<>();
        configs(names).forEach((topic, config) -> on.put(topic, isOn(config)));
        return on.keySet().stream()
                .filter(topic -> Boolean.TRUE.equals(on.get(topic)))
                .toList();
    }

    /// Whether a topic is archived now.
    ///
    /// @throws NoSuchTopicException there is no such topic
    public boolean isOn(String topic) {
        return isOn(configs(List.of(topic)).getOrDefault(topic, Map.of()));
    }

    /// Ids of all topics, by name.
    public Map<String, UUID> ids() {
        Map<String, UUID> ids = new HashMap<>();
        AdminAnswers.about("*", admin.listTopics().listings())
                .forEach(topic -> ids.put(topic.name(), ArchiveLayout.uuid(topic.topicId())));
        return ids;
    }

    /// The names of all topics, for messages.
    public Set<String> names() {
        return AdminAnswers.about("*", admin.listTopics().names());
    }

    void setLocalBytes(String topic, String value) {
        alter(topic, Map.of(LOCAL_BYTES, value));
    }

    /// `local.retention.bytes` in force.
    String localBytes(String topic) {
        return value(configs(List.of(topic)).getOrDefault(topic, Map.of()), LOCAL_BYTES);
    }

    private void enable(String topic, Map<String, ConfigEntry> config) {
        Map<String, String> values = new HashMap<>();
        values.put(REMOTE_ENABLED, "true");
        values.put(LOCAL_MILLIS, FOLLOW_RETENTION);
        values.put(LOCAL_BYTES, Long.toString(bound(config)));
        alter(topic, values);
    }

    /// Kafka refuses a local limit above the topic's own.
    private long bound(Map<String, ConfigEntry> config) {
        String retention = value(config, "retention.bytes");
        long retentionBytes = retention.isEmpty() ? -1 : Long.parseLong(retention);
        return retentionBytes < 0 ? localBytes : Math.min(localBytes, retentionBytes);
    }

    private void alter(String topic, Map<String, String> values) {
        List<AlterConfigOp> operations = values.entrySet().stream()
                .map(value ->
                        new AlterConfigOp(new ConfigEntry(value.getKey(), value.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Void unused = AdminAnswers.about(
                    topic,
                    admin.incrementalAlterConfigs(
                                    Map.<ConfigResource, Collection<AlterConfigOp>>of(resource, operations))
                            .all());
        } catch (ArchiveUnavailableException e) {
            Throwable cause = e.getCause() == null ? null : e.getCause().getCause();
            if (cause instanceof InvalidConfigurationException refused) {
                throw TopicNotArchivableException.refused(topic, String.valueOf(refused.getMessage()));
            }
            throw e;
        }
    }

    private Map<String, Map<String, ConfigEntry>> configs(Collection<String> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        Map<String, Map<String, ConfigEntry>> found = new TreeMap<>();
        admin.describeConfigs(resources).values().forEach((resource, answer) -> {
            try {
                found.put(resource.name(), entries(AdminAnswers.about(resource.name(), answer)));
            } catch (NoSuchTopicException e) {
                if (topics.size() == 1) {
                    throw e;
                }
            }
        });
        return found;
    }

    private static Map<String, ConfigEntry> entries(Config config) {
        Map<String, ConfigEntry> entries = new HashMap<>();
        config.entries().forEach(entry -> entries.put(entry.name(), entry));
        return entries;
    }

    private static boolean isOn(Map<String, ConfigEntry> config) {
        return value(config, REMOTE_ENABLED).equals("true");
    }

    private static String value(Map<String, ConfigEntry> config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }
}
