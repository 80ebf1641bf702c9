package io.weir.log.wiring;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/// `meta/endpoints.json`: how other programs of this machine find the running node. Written when the node runs,
/// removed at a clean stop; after a kill it stays and its `pid` is dead.
///
/// ```json {"clusterId":"Xl...","nodeId":1,"kafka":"127.0.0.1:9092","controller":"127.0.0.1:9093",
/// "http":"http://127.0.0.1:8080","pid":123,"startedAt":"2026-01-01T00:00:00Z"}
/// ```
///
/// @param node what it says of the engine
/// @param startedAt ISO 8601, UTC
record EndpointsFile(LogHost.LocalNode node, String http, long pid, String startedAt) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Replaces the file in one step.
    void write() {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("clusterId", node.clusterId());
        content.put("nodeId", node.nodeId());
        content.put("kafka", node.kafka());
        content.put("controller", node.controller());
        content.put("http", http);
        content.put("pid", pid);
        content.put("startedAt", startedAt);
        Path file = file(node.dataDirectory());
        try {
            Path next = file.resolveSibling("endpoints.json.next");
            JSON.writeValue(next.toFile(), content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    static void remove(Path dataDirectory) {
        try {
            Files.deleteIfExists(file(dataDirectory));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + file(dataDirectory), e);
        }
    }

    private static Path file(Path dataDirectory) {
        return dataDirectory.resolve("meta").resolve("endpoints.json");
    }
}
