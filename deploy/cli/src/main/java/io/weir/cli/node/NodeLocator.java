package io.weir.cli.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the node a command talks to, by the first of: `--server`, `WEIR_SERVER`, `--data`, `./weir-data`,
/// `./weir-demo`. A data folder names its node in `meta/endpoints.json`.
public final class NodeLocator {
    private static final ObjectMapper JSON = new ObjectMapper();

    private NodeLocator() {}

    /// What a running node says of itself.
    ///
    /// @param http base URL of its REST interface
    /// @param kafka `host:port` for Kafka clients
    /// @param pid the node's process
    public record Endpoints(URI http, String kafka, long pid) {
        public boolean isAlive() {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
    }

    public static URI locate(@Nullable String server, @Nullable Path data) {
        if (server != null) {
            return parse(server);
        }
        String fromEnvironment = System.getenv("WEIR_SERVER");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return parse(fromEnvironment);
        }
        if (data != null) {
            return read(data)
                    .filter(Endpoints::isAlive)
                    .map(Endpoints::http)
                    .orElseThrow(() -> new CliFailure(
                            CliFailure.EXTERNAL,
                            "No node runs on '" + data + "'. Start it: ./weir start --data " + data));
        }
        for (Path folder : List.of(Path.of("weir-data"), Path.of("weir-demo"))) {
            Optional<Endpoints> endpoints = read(folder).filter(Endpoints::isAlive);
            if (endpoints.isPresent()) {
                return endpoints.get().http();
            }
        }
        throw new CliFailure(
                CliFailure.EXTERNAL,
                "No node found: none runs on ./weir-data or ./weir-demo. Start one with ./weir start, or name one with"
                        + " --server URL or --data FOLDER.");
    }

    /// The endpoints a data folder holds, running or not; empty when there are none.
    public static Optional<Endpoints> read(Path data) {
        Path file = data.resolve("meta").resolve("endpoints.json");
        try {
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            return Optional.of(new Endpoints(
                    URI.create(node.path("http").asText()),
                    node.path("kafka").asText(),
                    node.path("pid").asLong(-1)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static URI parse(String server) {
        String url = server.contains("://") ? server : "http://" + server;
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new CliFailure(
                    CliFailure.USER, "Server '" + server + "': not a URL. Example: http://localhost:8080", e);
        }
        throw new CliFailure(CliFailure.USER, "Server '" + server + "': not a URL. Example: http://localhost:8080");
    }
}
