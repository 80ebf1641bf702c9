package io.weir.tiered.store;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A name node and one data node on loopback, from Hadoop's own mini cluster.
final class HdfsServer implements AutoCloseable {
    private final ServerProcess process;
    private final int port;

    private HdfsServer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static HdfsServer start(Path folder) {
        int port = ServerProcess.freePort();
        try {
            Path details = Files.createDirectories(folder).resolve("details.json");
            ServerProcess process = ServerProcess.start(
                    jar -> jar.matches("(hadoop-client|slf4j-api|commons-logging|junit|opentest4j).*"),
                    folder,
                    List.of("-Xmx512m"),
                    List.of(
                            "org.apache.hadoop.test.MiniDFSClusterManager",
                            "-format",
                            "-datanodes",
                            "1",
                            "-nnport",
                            Integer.toString(port),
                            "-D",
                            "dfs.replication=1",
                            "-writeDetails",
                            details.toString()));
            HdfsServer server = new HdfsServer(process, port);
            await("HDFS")
                    .atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        process.requireAlive();
                        return Files.exists(details);
                    });
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String uri() {
        return "hdfs://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
