package io.weir.connect.worker;

import java.util.List;
import org.apache.kafka.connect.runtime.RestartRequest;
import org.jspecify.annotations.Nullable;

/// Kafka Connect's REST API in plain values: each method is one endpoint, takes names and raw bodies, and never
/// throws: failures are answers too, in Connect's form `{"error_code", "message"}`.
///
/// Calls block, up to 90 s as in Kafka Connect, plus `weir.connect.rest.retry` when the group rebalances.
/// Thread-safe.
public final class ConnectApi {
    private final ClusterCalls cluster;
    private final ConnectorCalls connectors;
    private final LifecycleCalls lifecycle;
    private final OffsetCalls offsets;
    private final PluginCalls plugins;
    private final LoggerCalls loggers;
    private final InternalCalls internal;

    /// @param worker may still be waiting or starting: requests get 503 until it is ready
    public ConnectApi(ConnectWorker worker) {
        Exchange exchange = new Exchange(worker);
        SecretKeys secrets = new SecretKeys(worker.settings().masked());
        this.cluster = new ClusterCalls(worker, exchange);
        this.connectors = new ConnectorCalls(exchange, secrets);
        this.lifecycle = new LifecycleCalls(exchange);
        this.offsets = new OffsetCalls(exchange);
        this.plugins = new PluginCalls(exchange, secrets);
        this.loggers = new LoggerCalls(exchange);
        this.internal = new InternalCalls(exchange);
    }

    /// `GET /`
    public Reply root() {
        return cluster.root();
    }

    /// `GET /health`
    public Reply health() {
        return cluster.health();
    }

    /// `GET /connectors`, with `expand` values if any
    public Reply connectors(List<String> expand) {
        return connectors.list(expand);
    }

    /// `POST /connectors`
    public Reply create(Caller caller, byte[] body) {
        return connectors.create(caller, body);
    }

    /// `GET /connectors/{name}`
    public Reply connector(String name) {
        return connectors.get(name);
    }

    /// `GET /connectors/{name}/config`
    public Reply config(String name) {
        return connectors.config(name);
    }

    /// `PUT /connectors/{name}/config`
    public Reply putConfig(Caller caller, String name, byte[] body) {
        return connectors.putConfig(caller, name, body);
    }

    /// `PATCH /connectors/{name}/config`
    public Reply patchConfig(Caller caller, String name, byte[] body) {
        return connectors.patchConfig(caller, name, body);
    }

    /// `DELETE /connectors/{name}`
    public Reply delete(Caller caller, String name) {
        return connectors.delete(caller, name);
    }

    /// `GET /connectors/{name}/status`
    public Reply status(String name) {
        return connectors.status(name);
    }

    /// `GET /connectors/{name}/tasks`
    public Reply tasks(String name) {
        return connectors.tasks(name);
    }

    /// `GET /connectors/{name}/tasks/{task}/status`
    public Reply taskStatus(String name, int task) {
        return connectors.taskStatus(name, task);
    }

    /// `GET /connectors/{name}/topics`
    public Reply topics(String name) {
        return connectors.topics(name);
    }

    /// `PUT /connectors/{name}/topics/reset`
    public Reply resetTopics(String name) {
        return connectors.resetTopics(name);
    }

    /// `PUT /connectors/{name}/pause`
    public Reply pause(String name) {
        return lifecycle.pause(name);
    }

    /// `PUT /connectors/{name}/resume`
    public Reply resume(String name) {
        return lifecycle.resume(name);
    }

    /// `PUT /connectors/{name}/stop`
    public Reply stop(Caller caller, String name) {
        return lifecycle.stop(caller, name);
    }

    /// `POST /connectors/{name}/restart`
    public Reply restart(Caller caller, Restart restart) {
        return lifecycle.restart(
                caller, new RestartRequest(restart.connector(), restart.onlyFailed(), restart.includeTasks()));
    }

    /// What to restart.
    ///
    /// @param onlyFailed only instances in state FAILED
    /// @param includeTasks tasks too, not only the connector
    public record Restart(String connector, boolean onlyFailed, boolean includeTasks) {}

    /// `POST /connectors/{name}/tasks/{task}/restart`
    public Reply restartTask(Caller caller, String name, int task) {
        return lifecycle.restartTask(caller, name, task);
    }

    /// `GET /connectors/{name}/offsets`
    public Reply offsets(String name) {
        return offsets.get(name);
    }

    /// `PATCH /connectors/{name}/offsets`
    public Reply alterOffsets(Caller caller, String name, byte[] body) {
        return offsets.alter(caller, name, body);
    }

    /// `DELETE /connectors/{name}/offsets`
    public Reply resetOffsets(Caller caller, String name) {
        return offsets.reset(caller, name);
    }

    /// `GET /connector-plugins`
    public Reply connectorPlugins() {
        return plugins.connectors();
    }

    /// `GET /connector-plugins?connectorsOnly=false`
    public Reply allPlugins() {
        return plugins.everything();
    }

    /// `GET /connector-plugins/{plugin}/config`
    ///
    /// @param version `latest`, a version, or a range in Maven's notation
    public Reply pluginSettings(String plugin, String version) {
        return plugins.settings(plugin, version);
    }

    /// `PUT /connector-plugins/{plugin}/config/validate`
    public Reply validate(String plugin, byte[] body) {
        return plugins.validate(plugin, body);
    }

    /// `GET /admin/loggers`
    public Reply loggers() {
        return loggers.all();
    }

    /// `GET /admin/loggers/{logger}`
    public Reply logger(String logger) {
        return loggers.get(logger);
    }

    /// `PUT /admin/loggers/{logger}`
    ///
    /// @param scope `cluster` for all workers of the group, anything else for this one
    public Reply setLogger(String logger, String scope, byte[] body) {
        return loggers.set(logger, scope, body);
    }

    /// `POST /connectors/{name}/tasks`, between workers
    public Reply putTaskConfigs(Caller caller, String name, Signed request) {
        return internal.putTaskConfigs(caller, name, request.internal(), request.body());
    }

    /// `PUT /connectors/{name}/fence`, between workers
    public Reply fence(Caller caller, String name, Signed request) {
        return internal.fence(caller, name, request.internal(), request.body());
    }

    /// A request with the signature of KIP-507.
    public static final class Signed {
        private final @Nullable String signature;
        private final @Nullable String algorithm;
        private final byte[] body;

        /// @param signature header `X-Connect-Authorization`
        /// @param algorithm header `X-Connect-Request-Signature-Algorithm`
        /// @param body the exact bytes; not copied
        public Signed(@Nullable String signature, @Nullable String algorithm, byte[] body) {
            this.signature = signature;
            this.algorithm = algorithm;
            this.body = body;
        }

        InternalCalls.Signature internal() {
            return new InternalCalls.Signature(signature, algorithm);
        }

        byte[] body() {
            return body;
        }
    }

    /// An answer in Connect's error form, for what is refused before it gets here.
    public static Reply error(int status, String message) {
        return Failures.error(status, message);
    }
}
