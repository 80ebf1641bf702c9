package io.weir.connect.worker;

import io.weir.connect.connector.SecretMask;
import io.weir.connect.connector.SecretName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.runtime.rest.entities.ConfigKeyInfo;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorInfo;
import org.apache.kafka.connect.runtime.rest.entities.TaskInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hides secrets in answers, and restores them in what is written back.
///
/// Secret is what a definition types as PASSWORD: of the connector, its transforms, predicates and converters, and
/// of Kafka's clients behind `producer.override.` and its like; and whatever is named like a secret.
final class SecretKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SecretKeys.class);
    private static final Set<String> CLIENT_SECRETS = clientSecrets();
    private static final List<String> OVERRIDES =
            List.of("producer.override.", "consumer.override.", "admin.override.");
    private static final List<String> CONVERTERS = List.of("key.converter", "value.converter", "header.converter");
    private static final List<String> CHAINS = List.of("transforms", "predicates");

    private final boolean masked;

    SecretKeys(boolean masked) {
        this.masked = masked;
    }

    Map<String, @Nullable String> hide(LiveWorker live, Map<String, @Nullable String> config) {
        return masked ? SecretMask.hide(config, secretKeysOf(live, config)) : config;
    }

    ConnectorInfo hide(LiveWorker live, ConnectorInfo info) {
        return masked
                ? new ConnectorInfo(
                        info.name(),
                        ConfigMaps.toRuntime(hide(live, ConfigMaps.fromRuntime(info.config()))),
                        info.tasks(),
                        info.type())
                : info;
    }

    /// Task configurations name no plugin: the connector's own definitions are used for them.
    List<TaskInfo> hide(LiveWorker live, List<TaskInfo> tasks, Map<String, @Nullable String> connectorConfig) {
        if (!masked) {
            return tasks;
        }
        Predicate<String> secret = secretKeysOf(live, connectorConfig);
        return tasks.stream()
                .map(task -> new TaskInfo(
                        task.id(),
                        ConfigMaps.toRuntime(SecretMask.hide(ConfigMaps.fromRuntime(task.config()), secret))))
                .toList();
    }

    /// The configuration to store for one that a client has written, perhaps after reading a masked one.
    SecretMask.Restored restore(
            LiveWorker live, Map<String, @Nullable String> written, Map<String, @Nullable String> stored) {
        if (!masked) {
            return new SecretMask.Restored(written, List.of());
        }
        Map<String, @Nullable String> both = new LinkedHashMap<>(stored);
        both.putAll(written);
        return SecretMask.restore(written, stored, secretKeysOf(live, both));
    }

    private static Predicate<String> secretKeysOf(LiveWorker live, Map<String, @Nullable String> config) {
        Set<String> keys = new HashSet<>();
        addSecrets(live, config.get("connector.class"), "", keys);
        for (String converter : CONVERTERS) {
            addSecrets(live, config.get(converter), converter + ".", keys);
        }
        for (String chain : CHAINS) {
            String names = config.get(chain);
            for (String name : names == null ? List.<String>of() : List.of(names.split("\\s*,\\s*"))) {
                String prefix = chain + "." + name + ".";
                addSecrets(live, config.get(prefix + "type"), prefix, keys);
            }
        }
        return key -> keys.contains(key) || isClientSecret(key) || SecretName.looksSecret(key);
    }

    private static void addSecrets(LiveWorker live, @Nullable String plugin, String prefix, Set<String> keys) {
        if (plugin == null || !InstalledPlugins.of(live.plugins()).has(plugin)) {
            return;
        }
        try {
            for (ConfigKeyInfo key : live.herder().connectorPluginConfig(plugin)) {
                if (ConfigDef.Type.PASSWORD.name().equals(key.type())) {
                    keys.add(prefix + key.name());
                }
            }
        } catch (RuntimeException | LinkageError e) {
            // It must not make its connector unreadable: names of keys decide then.
            LOG.atDebug().addKeyValue("plugin", plugin).setCause(e).log("A plugin cannot tell its settings");
        }
    }

    private static boolean isClientSecret(String key) {
        return OVERRIDES.stream()
                .anyMatch(prefix -> key.startsWith(prefix) && CLIENT_SECRETS.contains(key.substring(prefix.length())));
    }

    private static Set<String> clientSecrets() {
        Set<String> secrets = new HashSet<>();
        for (ConfigDef clients :
                List.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())) {
            clients.configKeys().values().stream()
                    .filter(key -> key.type == ConfigDef.Type.PASSWORD)
                    .forEach(key -> secrets.add(key.name));
        }
        return Set.copyOf(secrets);
    }
}
