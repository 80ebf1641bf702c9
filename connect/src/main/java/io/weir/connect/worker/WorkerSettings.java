package io.weir.connect.worker;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Settings of the Connect worker of this process.
///
/// @param conflictRetry how long a request that meets a rebalance is repeated on the server before the client gets
///     409; zero answers at once, as Kafka Connect does
/// @param masked whether literal secrets read `******` in answers
/// @param pluginPath folders of self-contained plugins; each must exist
/// @param workerProperties Kafka Connect worker settings that win over Weir's defaults
public record WorkerSettings(
        Duration conflictRetry, boolean masked, List<Path> pluginPath, Map<String, String> workerProperties) {

    private static final Map<String, String> REFUSED = Map.of(
            "rest.extension.classes", "REST extensions need Jersey, which Weir does not carry. Remove it",
            "bootstrap.servers",
                    "the worker uses the node's own log. Set weir.log.bootstrap.servers with"
                            + " weir.log.mode=external",
            "listeners", "Connect's API is on Weir's one HTTP port. Set weir.http.port",
            "admin.listeners", "Connect's API is on Weir's one HTTP port. Set weir.http.port",
            "rest.advertised.host.name", "set weir.connect.rest.url",
            "rest.advertised.port", "set weir.connect.rest.url",
            "rest.advertised.listener", "set weir.connect.rest.url");

    /// @throws WeirException `connect-setting-refused` when a worker property cannot work inside Weir
    public WorkerSettings {
        pluginPath = List.copyOf(pluginPath);
        workerProperties = Map.copyOf(workerProperties);
        if (conflictRetry.isNegative()) {
            throw new WeirException(
                    "connect-setting-refused",
                    Whose.USER,
                    "Setting 'weir.connect.rest.retry': must be zero or more, got " + conflictRetry + ".");
        }
        workerProperties.keySet().stream()
                .filter(REFUSED::containsKey)
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw new WeirException(
                            "connect-setting-refused",
                            Whose.USER,
                            "Setting 'weir.connect.worker." + key + "': not possible inside Weir: " + REFUSED.get(key)
                                    + ".");
                });
    }
}
