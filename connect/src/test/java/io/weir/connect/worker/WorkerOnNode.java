package io.weir.connect.worker;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Time;

/// A real node and a real Connect worker on it, in this JVM.
final class WorkerOnNode implements AutoCloseable {
    static final Caller CLIENT = new Caller(null, null);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Node node;
    private final LogConnection connection;
    private ConnectWorker worker;
    private ConnectApi api;

    private WorkerOnNode(Node node, LogConnection connection) {
        this.node = node;
        this.connection = connection;
        startWorker();
    }

    static WorkerOnNode start(Path data) {
        Node node = Node.create(NodeSettings.singleNode(data)
                        .withPorts(0, 0)
                        .with("log.flush.interval.messages", "9223372036854775807"))
                .start();
        Endpoints endpoints = node.awaitRunning(Duration.ofSeconds(60));
        LogConnection connection =
                new LogConnection(endpoints.clusterId(), endpoints.bootstrapServers(), Map.of(), (short) 1);
        return new WorkerOnNode(node, connection);
    }

    private void startWorker() {
        WorkerSettings settings =
                new WorkerSettings(Duration.ofSeconds(20), true, List.of(), Map.of("client.id", "test"));
        worker = new ConnectWorker(settings, Time.SYSTEM);
        api = new ConnectApi(worker);
        worker.start(connection, URI.create("http://127.0.0.1:18083/"));
    }

    /// Stops the worker in good order and starts a new one on the same log.
    void restartWorker() {
        worker.close();
        startWorker();
        awaitReady();
    }

    void awaitReady() {
        await().atMost(Duration.ofSeconds(60)).until(() -> api.health().status() == 200);
    }

    ConnectApi api() {
        return api;
    }

    ConnectWorker worker() {
        return worker;
    }

    LogConnection connection() {
        return connection;
    }

    static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static JsonNode json(Reply reply) {
        try {
            return MAPPER.readTree(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        worker.close();
        node.stop(Duration.ofSeconds(30));
    }
}
