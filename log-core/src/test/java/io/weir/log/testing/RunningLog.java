package io.weir.log.testing;

import io.weir.log.admin.LogAdmin;
import io.weir.log.admin.NewTopicRequest;
import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.log.topic.TopicName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One real node for all tests of a class, in this process; register it as a static extension.
public final class RunningLog implements BeforeAllCallback, AfterAllCallback {
    private final AtomicInteger topics = new AtomicInteger();
    private Path directory;
    private Node node;
    private LogConnection connection;
    private Admin admin;
    private LogAdmin topicsAdmin;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("weir-log-it");
        node = Node.create(NodeSettings.singleNode(directory)
                        .withPorts(0, 0)
                        .with("log.cleaner.backoff.ms", "200")
                        .with("log.retention.check.interval.ms", "500")
                        .with("log.flush.interval.messages", "100000"))
                .start();
        Endpoints endpoints = node.awaitRunning(Duration.ofSeconds(60));
        connection = new LogConnection(endpoints.clusterId(), endpoints.bootstrapServers(), Map.of(), (short) 1);
        admin = Admin.create(connection.clientProperties());
        topicsAdmin = LogAdmin.open(connection);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        topicsAdmin.close();
        admin.close();
        node.stop(Duration.ofSeconds(30));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    public LogConnection connection() {
        return connection;
    }

    public Admin admin() {
        return admin;
    }

    public Node node() {
        return node;
    }

    /// A name that no other test of this node uses.
    public TopicName newName(String prefix) {
        return TopicName.of(prefix + "-" + topics.incrementAndGet());
    }

    public TopicName newTopic(String prefix, int partitions, Map<String, String> configs) throws Exception {
        TopicName name = newName(prefix);
        if (name.isInternal()) {
            admin.createTopics(List.of(new NewTopic(name.value(), partitions, (short) 1).configs(configs)))
                    .all()
                    .get();
        } else {
            topicsAdmin
                    .topics()
                    .create(new NewTopicRequest(name, OptionalInt.of(partitions), OptionalInt.of(1), configs));
        }
        return name;
    }
}
