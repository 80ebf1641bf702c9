package io.weir.connect.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import io.weir.connect.connector.SecretMask;
import java.util.Map;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.isolation.PluginUtils;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfos;
import org.apache.kafka.connect.runtime.rest.errors.BadRequestException;
import org.apache.maven.artifact.versioning.InvalidVersionSpecificationException;
import org.apache.maven.artifact.versioning.VersionRange;
import org.jspecify.annotations.Nullable;

/// What is installed, what it can be told, and whether a configuration would do.
final class PluginCalls {
    private static final Caller READER = new Caller(null, null);

    private final Exchange exchange;
    private final SecretKeys secrets;

    PluginCalls(Exchange exchange, SecretKeys secrets) {
        this.exchange = exchange;
        this.secrets = secrets;
    }

    Reply connectors() {
        return exchange.answer(
                READER,
                live -> Reply.json(200, InstalledPlugins.of(live.plugins()).connectors()));
    }

    Reply everything() {
        return exchange.answer(
                READER,
                live -> Reply.json(200, InstalledPlugins.of(live.plugins()).everything()));
    }

    /// @param version `latest`, a version, or a range in Maven's notation
    Reply settings(String plugin, String version) {
        return exchange.answer(READER, live -> {
            VersionRange range = range(version);
            InstalledPlugins plugins = InstalledPlugins.of(live.plugins());
            if (!plugins.has(plugin) && !plugins.hasConnector(plugin)) {
                throw new NotFoundException(plugins.unknownPlugin(plugin));
            }
            return Reply.json(200, live.herder().connectorPluginConfig(plugin, range));
        });
    }

    // A null range means the latest version, as the runtime's own resource passes it.
    @SuppressWarnings("NullAway")
    private static VersionRange range(String version) {
        try {
            return PluginUtils.connectorVersionRequirement(version);
        } catch (InvalidVersionSpecificationException e) {
            throw new BadRequestException("Invalid version specification: " + version, e);
        }
    }

    Reply validate(String plugin, byte[] body) {
        return exchange.answer(READER, live -> {
            Map<String, @Nullable String> config = Json.read(body, new TypeReference<>() {}, "an object of settings");
            String included = config.get("connector.class");
            if (included == null || included.isBlank()) {
                throw new BadRequestException(
                        "Connector config contains no connector type: 'connector.class' is missing.");
            }
            if (!withoutSuffix(included).endsWith(withoutSuffix(plugin))) {
                throw new BadRequestException(
                        "Included connector type " + included + " does not match request type " + plugin);
            }
            InstalledPlugins plugins = InstalledPlugins.of(live.plugins());
            if (!included.startsWith("${") && !plugins.hasConnector(included)) {
                throw new BadRequestException(plugins.unknownConnector(included));
            }
            Map<String, String> resolved = withStoredSecrets(live, config);
            return Reply.json(
                    200,
                    Exchange.<ConfigInfos>complete(
                            live, (herder, callback) -> herder.validateConnectorConfig(resolved, callback, false)));
        });
    }

    private Map<String, String> withStoredSecrets(LiveWorker live, Map<String, @Nullable String> config)
            throws Throwable {
        String name = config.get("name");
        boolean stored = config.containsValue(SecretMask.MASK)
                && name != null
                && live.herder().connectors().contains(name);
        Map<String, @Nullable String> known = stored
                ? ConfigMaps.fromRuntime(Exchange.<Map<String, String>>complete(
                        live, (herder, callback) -> herder.connectorConfig(name, callback)))
                : Map.of();
        return ConfigMaps.toRuntime(secrets.restore(live, config, known).config());
    }

    private static String withoutSuffix(String plugin) {
        return plugin.endsWith("Connector") && plugin.length() > "Connector".length()
                ? plugin.substring(0, plugin.length() - "Connector".length())
                : plugin;
    }
}
