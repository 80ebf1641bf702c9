package io.weir.connect.worker;

import io.weir.log.cluster.LogConnection;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.json.JsonConverterConfig;
import org.apache.kafka.connect.runtime.Worker;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.rest.HerderRequestHandler;
import org.apache.kafka.connect.runtime.rest.RestRequestTimeout;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.KafkaConfigBackingStore;
import org.apache.kafka.connect.storage.KafkaOffsetBackingStore;
import org.apache.kafka.connect.storage.KafkaStatusBackingStore;
import org.apache.kafka.connect.util.ConnectUtils;
import org.apache.kafka.connect.util.SharedTopicAdmin;

/// Puts a Connect worker together in the order that the runtime needs, and starts its herder.
final class WorkerAssembly {
    private static final RestRequestTimeout TIMEOUT = RestRequestTimeout.constant(90_000, 10_000);

    private final WorkerSettings settings;
    private final Time time;

    WorkerAssembly(WorkerSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
    }

    /// A started herder; it becomes ready on its own thread.
    ///
    /// The context class loader must be Connect's while plugins are instantiated and threads are created, as they
    /// inherit it; the caller's is put back.
    LiveWorker start(LogConnection connection, URI restUrl, Consumer<Throwable> onFailure) {
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        try {
            Map<String, String> properties = WorkerProperties.of(settings, connection);
            Plugins plugins = new Plugins(properties);
            thread.setContextClassLoader(plugins.delegatingLoader());
            LiveWorker live =
                    assemble(plugins, new DistributedConfig(properties), new Place(connection, restUrl), onFailure);
            live.herder().start();
            return live;
        } finally {
            thread.setContextClassLoader(callers);
        }
    }

    private record Place(LogConnection connection, URI restUrl) {
        String clusterId() {
            return connection.clusterId();
        }
    }

    private LiveWorker assemble(Plugins plugins, DistributedConfig config, Place place, Consumer<Throwable> onFailure) {
        String clientIdBase = ConnectUtils.clientIdBase(config);
        SharedTopicAdmin admin = sharedAdmin(config, place.clusterId(), clientIdBase);
        Converter offsetConverter = plugins.newInternalConverter(
                true, JsonConverter.class.getName(), Map.of(JsonConverterConfig.SCHEMAS_ENABLE_CONFIG, "false"));
        KafkaOffsetBackingStore offsets = new KafkaOffsetBackingStore(admin, () -> clientIdBase, offsetConverter);
        offsets.configure(config);

        ConnectorClientConfigOverridePolicy policy = plugins.newPlugin(
                config.getString(WorkerConfig.CONNECTOR_CLIENT_POLICY_CLASS_CONFIG),
                config,
                ConnectorClientConfigOverridePolicy.class);
        Worker worker = new Worker(workerId(place.restUrl()), time, plugins, config, offsets, policy);
        KafkaStatusBackingStore statuses =
                new KafkaStatusBackingStore(time, worker.getInternalValueConverter(), admin, clientIdBase);
        statuses.configure(config);
        KafkaConfigBackingStore configs = new KafkaConfigBackingStore(
                worker.getInternalValueConverter(), config, worker.configTransformer(), admin, clientIdBase);

        WeirRestClient restClient = new WeirRestClient(config);
        WeirHerder herder = new WeirHerder(
                config,
                worker,
                new WeirHerder.Stores(statuses, configs, admin),
                new WeirHerder.Cluster(place.clusterId(), place.restUrl().toString(), restClient),
                policy,
                time,
                onFailure);
        return new LiveWorker(
                herder, new HerderRequestHandler(restClient, TIMEOUT), plugins, config, admin, restClient);
    }

    private static SharedTopicAdmin sharedAdmin(DistributedConfig config, String clusterId, String clientIdBase) {
        Map<String, Object> properties = new HashMap<>(config.originals());
        ConnectUtils.addMetricsContextProperties(properties, config, clusterId);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientIdBase + "shared-admin");
        return new SharedTopicAdmin(properties);
    }

    /// `host:port`, as Connect names its workers in statuses.
    static String workerId(URI restUrl) {
        int usual = "https".equals(restUrl.getScheme()) ? 443 : 80;
        return restUrl.getHost() + ":" + (restUrl.getPort() < 0 ? usual : restUrl.getPort());
    }
}
