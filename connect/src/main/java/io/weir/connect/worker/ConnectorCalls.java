package io.weir.connect.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import io.weir.connect.connector.ConnectorPath;
import io.weir.connect.connector.SecretMask;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.Herder.Created;
import org.apache.kafka.connect.runtime.TargetState;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorInfo;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest;
import org.apache.kafka.connect.runtime.rest.entities.TaskInfo;
import org.apache.kafka.connect.runtime.rest.errors.BadRequestException;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.apache.kafka.connect.util.ConnectorTaskId;
import org.apache.kafka.connect.util.FutureCallback;
import org.jspecify.annotations.Nullable;

/// Connectors, their configurations, states and topics.
final class ConnectorCalls {
    private static final Caller READER = new Caller(null, null);
    private static final TypeReference<ConnectorInfo> INFO = new TypeReference<>() {};
    private static final TypeReference<Map<String, @Nullable String>> CONFIG = new TypeReference<>() {};

    private final Exchange exchange;
    private final SecretKeys secrets;

    ConnectorCalls(Exchange exchange, SecretKeys secrets) {
        this.exchange = exchange;
        this.secrets = secrets;
    }

    Reply list(List<String> expand) {
        return exchange.answer(READER, live -> {
            if (expand.isEmpty()) {
                return Reply.json(200, live.herder().connectors());
            }
            Map<String, Map<String, Object>> expanded = new LinkedHashMap<>();
            for (String connector : live.herder().connectors()) {
                expand(live, connector, expand, expanded);
            }
            return Reply.json(200, expanded);
        });
    }

    /// Unknown expansions are ignored, and so is a connector that is gone or has no status yet.
    private void expand(
            LiveWorker live, String connector, List<String> expand, Map<String, Map<String, Object>> expanded) {
        Map<String, Object> parts = new LinkedHashMap<>();
        try {
            for (String part : expand) {
                if ("status".equals(part)) {
                    parts.put("status", live.herder().connectorStatus(connector));
                }
                if ("info".equals(part)) {
                    ConnectorInfo info = live.herder().connectorInfo(connector);
                    if (info != null) {
                        parts.put("info", secrets.hide(live, info));
                    }
                }
            }
            expanded.put(connector, parts);
        } catch (NotFoundException e) {
            expanded.remove(connector);
        }
    }

    Reply create(Caller caller, byte[] body) {
        return exchange.answer(caller, live -> {
            CreateConnectorRequest request =
                    Json.read(body, new TypeReference<>() {}, "an object with 'name' and 'config'");
            String name = request.name() == null ? "" : request.name().trim();
            if (request.config() == null) {
                throw new BadRequestException("Connector '" + name + "': 'config' must be an object, got nothing.");
            }
            Map<String, String> config = accepted(live, name, ConfigMaps.fromRuntime(request.config()), false);
            DeadLetterTopic.prepare(live, config);
            CreateConnectorRequest accepted = new CreateConnectorRequest(name, config, request.initialState());
            TargetState initial = accepted.initialTargetState();
            FutureCallback<Created<ConnectorInfo>> callback = new FutureCallback<>();
            live.herder().putConnectorConfig(name, config, initial, false, callback);
            Created<ConnectorInfo> created = completeOrForward(live, caller, callback, "/connectors", "POST", accepted);
            return written(live, created.result(), 201, name);
        });
    }

    Reply get(String name) {
        return exchange.answer(READER, live -> {
            ConnectorInfo info =
                    Exchange.<ConnectorInfo>complete(live, (herder, callback) -> herder.connectorInfo(name, callback));
            return Reply.json(200, secrets.hide(live, info));
        });
    }

    Reply config(String name) {
        return exchange.answer(READER, live -> Reply.json(200, secrets.hide(live, storedConfig(live, name))));
    }

    Reply putConfig(Caller caller, String name, byte[] body) {
        return exchange.answer(caller, live -> {
            Map<String, String> config = accepted(live, name, Json.read(body, CONFIG, "an object of settings"), true);
            DeadLetterTopic.prepare(live, config);
            FutureCallback<Created<ConnectorInfo>> callback = new FutureCallback<>();
            live.herder().putConnectorConfig(name, config, true, callback);
            Created<ConnectorInfo> created =
                    completeOrForward(live, caller, callback, ConnectorPath.of(name) + "/config", "PUT", config);
            return written(live, created.result(), created.created() ? 201 : 200, name);
        });
    }

    Reply patchConfig(Caller caller, String name, byte[] body) {
        return exchange.answer(caller, live -> {
            Map<String, @Nullable String> patch = Json.read(body, CONFIG, "an object of settings");
            Map<String, @Nullable String> stored = storedConfig(live, name);
            Map<String, @Nullable String> merged = new HashMap<>(stored);
            merged.putAll(patch);
            requireInstalledClass(live, name, merged);
            Map<String, String> restored = withStoredSecrets(live, name, patch, stored);
            FutureCallback<Created<ConnectorInfo>> callback = new FutureCallback<>();
            live.herder().patchConnectorConfig(name, restored, callback);
            Created<ConnectorInfo> patched =
                    completeOrForward(live, caller, callback, ConnectorPath.of(name) + "/config", "PATCH", restored);
            return written(live, patched.result(), 200, name);
        });
    }

    Reply delete(Caller caller, String name) {
        return exchange.answer(caller, live -> {
            FutureCallback<Created<ConnectorInfo>> callback = new FutureCallback<>();
            live.herder().deleteConnectorConfig(name, callback);
            completeOrForward(live, caller, callback, ConnectorPath.of(name), "DELETE", null);
            return Reply.empty(204);
        });
    }

    Reply tasks(String name) {
        return exchange.answer(READER, live -> {
            List<TaskInfo> tasks =
                    Exchange.<List<TaskInfo>>complete(live, (herder, callback) -> herder.taskConfigs(name, callback));
            return Reply.json(200, secrets.hide(live, tasks, storedConfig(live, name)));
        });
    }

    Reply status(String name) {
        return exchange.answer(READER, live -> Reply.json(200, live.herder().connectorStatus(name)));
    }

    Reply taskStatus(String name, int task) {
        return exchange.answer(
                READER, live -> Reply.json(200, live.herder().taskStatus(new ConnectorTaskId(name, task))));
    }

    Reply topics(String name) {
        return exchange.answer(READER, live -> {
            requireTopicTracking(live, DistributedConfig.TOPIC_TRACKING_ENABLE_CONFIG, "Topic tracking is disabled.");
            return Reply.json(200, Map.of(name, live.herder().connectorActiveTopics(name)));
        });
    }

    Reply resetTopics(String name) {
        return exchange.answer(READER, live -> {
            requireTopicTracking(live, DistributedConfig.TOPIC_TRACKING_ENABLE_CONFIG, "Topic tracking is disabled.");
            requireTopicTracking(
                    live, DistributedConfig.TOPIC_TRACKING_ALLOW_RESET_CONFIG, "Topic tracking reset is disabled.");
            live.herder().resetConnectorActiveTopics(name);
            return Reply.empty(202);
        });
    }

    private static void requireTopicTracking(LiveWorker live, String setting, String refusal) {
        if (!live.config().getBoolean(setting)) {
            throw new ConnectRestException(403, refusal);
        }
    }

    /// What is submitted to the herder for a configuration that a client has written.
    private Map<String, String> accepted(
            LiveWorker live, String name, Map<String, @Nullable String> written, boolean mayReplace) throws Throwable {
        Map<String, @Nullable String> config = new LinkedHashMap<>(written);
        String included = config.putIfAbsent("name", name);
        if (included != null && !included.equals(name)) {
            throw new BadRequestException("Connector name configuration (" + included
                    + ") doesn't match connector name in the URL (" + name + ")");
        }
        requireInstalledClass(live, name, config);
        boolean holdsMask = config.containsValue(SecretMask.MASK);
        Map<String, @Nullable String> stored =
                holdsMask && mayReplace && live.herder().connectors().contains(name)
                        ? storedConfig(live, name)
                        : Map.of();
        return withStoredSecrets(live, name, config, stored);
    }

    /// Connect's own answer to a wrong class repeats the whole configuration or lists every plugin there is.
    private static void requireInstalledClass(LiveWorker live, String name, Map<String, @Nullable String> config) {
        String connectorClass = config.get("connector.class");
        if (connectorClass == null || connectorClass.isBlank()) {
            throw new BadRequestException(
                    "Connector '" + name
                            + "': 'connector.class' must name a connector plugin, got nothing. GET /connector-plugins lists them.");
        }
        if (!connectorClass.startsWith("${")) {
            InstalledPlugins plugins = InstalledPlugins.of(live.plugins());
            if (!plugins.hasConnector(connectorClass)) {
                throw new BadRequestException(plugins.unknownConnector(connectorClass));
            }
        }
    }

    private Map<String, String> withStoredSecrets(
            LiveWorker live, String name, Map<String, @Nullable String> written, Map<String, @Nullable String> stored) {
        SecretMask.Restored restored = secrets.restore(live, written, stored);
        if (!restored.withoutStoredValue().isEmpty()) {
            throw new BadRequestException("Connector '" + name + "': '" + SecretMask.MASK
                    + "' stands for the stored value, and nothing is stored yet for "
                    + String.join(", ", restored.withoutStoredValue()) + ". Write the value itself.");
        }
        return ConfigMaps.toRuntime(restored.config());
    }

    private static Map<String, @Nullable String> storedConfig(LiveWorker live, String name) throws Throwable {
        return ConfigMaps.fromRuntime(Exchange.<Map<String, String>>complete(
                live, (herder, callback) -> herder.connectorConfig(name, callback)));
    }

    private Reply written(LiveWorker live, ConnectorInfo info, int status, String name) {
        Reply reply = Reply.json(status, secrets.hide(live, info));
        return status == 201 ? reply.with("Location", ConnectorPath.of(name)) : reply;
    }

    private static Created<ConnectorInfo> completeOrForward(
            LiveWorker live,
            Caller caller,
            FutureCallback<Created<ConnectorInfo>> callback,
            String path,
            String method,
            @Nullable Object body)
            throws Throwable {
        return live.requests()
                .completeOrForwardRequest(
                        callback,
                        path,
                        method,
                        CallerHeaders.of(caller),
                        body,
                        INFO,
                        answer -> new Created<>(answer.status() == 201, answer.body()),
                        caller.forward());
    }
}
