package io.weir.tiered.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The contract over HDFS.
@EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
class HdfsObjectStoreIT extends ObjectStoreContract {
    private static final AtomicInteger ROOTS = new AtomicInteger();
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    static Path serverFolder;

    private static HdfsServer server;

    @BeforeAll
    static void startServer() {
        server = HdfsServer.start(serverFolder);
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    ObjectStore open() throws IOException {
        return open(server.uri());
    }

    private static ObjectStore open(String uri) throws IOException {
        URI root = URI.create(uri + "/weir/root-" + ROOTS.incrementAndGet());
        return new DeadlineObjectStore(
                HadoopObjectStore.open(root, Map.of("dfs.replication", "1"), DEADLINE),
                Executors.newFixedThreadPool(2),
                DEADLINE);
    }

    @Test
    void aPutLeavesNoTemporaryFile() throws IOException {
        try (ObjectStore store = open()) {
            store.put("p/q.bin", file("12"));
            store.put("p/q.bin", file("345"));

            assertThat(store.objects("p")).extracting(StoredObject::name).containsExactly("q.bin");
            assertThat(text(store, "p/q.bin", 0, 3)).isEqualTo("345");
        }
    }

    @Test
    void aNameNodeThatDoesNotAnswerIsNamedWithinTheDeadline() throws IOException {
        try (ObjectStore store = open("hdfs://127.0.0.1:1")) {
            assertThatThrownBy(() -> store.length("x"))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StoreTimeoutException.class)
                    .hasMessageContaining("hdfs://127.0.0.1:1/weir/root-")
                    .hasMessageContaining("weir.archive.uri");
        }
    }
}
