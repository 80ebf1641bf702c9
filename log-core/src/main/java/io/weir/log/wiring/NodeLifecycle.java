package io.weir.log.wiring;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.fault.WeirException;
import io.weir.log.net.Ports;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ties the log to the life of the process: everything that can be refused is refused before HTTP opens; the
/// engine starts once HTTP answers; it stops after everything that uses it.
@Singleton
public class NodeLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLifecycle.class);
    private static final int FIRST = 1;
    private static final int LAST = Integer.MAX_VALUE;
    private static final Set<String> LAUNCHER_VARIABLES = Set.of(
            "WEIR_JAVA_HOME", "WEIR_SERVER", "WEIR_MAVEN_REPOSITORY", "WEIR_HOME", "WEIR_NODE_HEAP", "WEIR_FAILPOINT");
    private static final String TIMEOUT = "weir.shutdown.timeout";

    private final LogHost host;
    private final LogSettings settings;
    private final Config config;
    private final Instance<KnownSettings> knownSettings;
    private final HttpServer httpServer;
    private final ShutdownWatchdog watchdog =
            new ShutdownWatchdog(() -> Runtime.getRuntime().halt(1));
    private volatile @Nullable EndpointsFile announced;
    private volatile boolean stopping;

    @Inject
    NodeLifecycle(
            LogHost host,
            LogSettings settings,
            Config config,
            Instance<KnownSettings> knownSettings,
            HttpServer httpServer) {
        this.host = host;
        this.settings = settings;
        this.config = config;
        this.knownSettings = knownSettings;
        this.httpServer = httpServer;
    }

    void prepare(@Observes @Priority(FIRST) StartupEvent event) {
        try {
            refuseUnknownSettings();
            checkHttp();
            host.prepare();
            Ports.requireFree("HTTP listener", "weir.http.port", settings.httpHost(), settings.httpPort());
        } catch (RuntimeException e) {
            throw refused(e);
        }
        if (settings.flag("weir.insecure.allow")) {
            new RepeatedWarning("weir.insecure.allow=true: anybody who reaches a listener of this node may do anything")
                    .start();
        }
    }

    void start(@ObservesAsync HttpServerStart event) {
        host.start();
        host.serving().whenComplete((serving, failure) -> {
            if (failure == null) {
                announce(serving);
            } else if (!stopping) {
                LOG.error(refusal(failure));
                LOG.debug("The node failed to start", failure);
                watchdog.arm(timeout());
                Quarkus.asyncExit(1);
            }
        });
    }

    void stopping(@Observes @Priority(FIRST) ShutdownEvent event) {
        stopping = true;
        watchdog.arm(timeout());
    }

    void stop(@Observes @Priority(LAST) ShutdownEvent event) {
        host.stop(timeout());
        EndpointsFile file = announced;
        if (file != null) {
            EndpointsFile.remove(file.node().dataDirectory());
        }
        watchdog.disarm();
    }

    private void announce(LogHost.Serving serving) {
        String http = "http://" + settings.httpHost() + ":" + httpServer.getPort();
        serving.node().ifPresent(node -> {
            EndpointsFile file = new EndpointsFile(
                    node, http, ProcessHandle.current().pid(), Instant.now().toString());
            KeptPorts.keepHttp(node.dataDirectory(), httpServer.getPort());
            file.write();
            announced = file;
        });
        LOG.info(
                "Weir is ready: kafka {}, http {}{}",
                serving.kafka(),
                http,
                serving.node()
                        .map(node -> ", data " + node.dataDirectory() + ", durability " + node.durability())
                        .orElse(" (external cluster)"));
    }

    private void refuseUnknownSettings() {
        Set<String> known = new HashSet<>();
        Set<String> open = new HashSet<>();
        for (KnownSettings module : knownSettings) {
            known.addAll(module.names());
            open.addAll(module.openPrefixes());
        }
        Set<String> given = new HashSet<>();
        for (ConfigSource source : config.getConfigSources()) {
            if (!source.getName().startsWith("EnvConfigSource")) {
                given.addAll(source.getPropertyNames());
            }
        }
        UnknownSettings.refuse(given, known, open);
        List<String> suspects = UnknownSettings.suspectVariables(System.getenv().keySet(), known, LAUNCHER_VARIABLES);
        if (!suspects.isEmpty()) {
            LOG.warn("Environment variables {} look like settings of Weir's and are none", suspects);
        }
    }

    private void checkHttp() {
        if (!settings.httpIsLoopback() && !settings.flag("weir.insecure.allow")) {
            throw Ports.openListener(
                    "HTTP", settings.httpHost(), "HTTP", "a proxy with TLS and authentication in front of it");
        }
    }

    private Duration timeout() {
        try {
            return settings.duration(TIMEOUT, NodeSettingsReader.SHUTDOWN_TIMEOUT);
        } catch (WeirException e) {
            return NodeSettingsReader.SHUTDOWN_TIMEOUT;
        }
    }

    private static ConfigurationException refused(RuntimeException e) {
        LOG.error(refusal(e));
        LOG.debug("The node was refused", e);
        return new ConfigurationException("Weir did not start.");
    }

    private static String refusal(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof WeirException known) {
                return String.valueOf(known.getMessage());
            }
        }
        return "Node: " + failure;
    }
}
