package io.weir.cli.command;

import io.weir.cli.node.CliFailure;
import io.weir.cli.node.NodeLocator;
import io.weir.cli.node.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `weir start`: a node in the foreground.
@Command(
        name = "start",
        description = {
            "Start a node and keep it until Ctrl-C. It continues where it was, on the ports of its first start.",
            "Three nodes: --size 3 --found for the first, --size 3 --join HOST:PORT for the others."
        })
public final class StartCommand implements Runnable {
    private static final int KAFKA_PORT = 9092;
    private static final int CONTROLLER_PORT = 9093;
    private static final int HTTP_PORT = 8080;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Where the node keeps everything (default ./weir-data).")
    private Path data = Path.of("weir-data");

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Added to the ports 9092, 9093 and 8080 on the first start.")
    private @Nullable Integer portOffset;

    @Option(names = "--free-ports", description = "Take free ports on the first start.")
    private boolean freePorts;

    @Option(
            names = "--roles",
            paramLabel = "LIST",
            description = "Of controller,broker,connect,jobs,query (default all).")
    private @Nullable String roles;

    @Option(names = "--size", paramLabel = "N", description = "Intended number of nodes of the cluster (default 1).")
    private @Nullable Integer size;

    @Option(names = "--node-id", paramLabel = "N", description = "This node's id in its cluster.")
    private @Nullable Integer nodeId;

    @Option(names = "--found", description = "Found a new cluster of --size nodes.")
    private boolean found;

    @Option(names = "--join", paramLabel = "HOST:PORT", description = "A node of the cluster to join.")
    private @Nullable String join;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Any weir.*, kafka.* or quarkus.* setting.")
    private Map<String, String> settings = Map.of();

    @Override
    public void run() {
        long started = System.nanoTime();
        NodeProcess node = NodeProcess.start(data, arguments());
        Thread hook = new Thread(node::close, "weir-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        Duration patience = size != null && size > 1 ? Duration.ofHours(1) : Duration.ofMinutes(3);
        NodeLocator.Endpoints endpoints = node.awaitReady(patience);
        System.out.printf(
                "Weir is ready after %.1f s. Data in %s; stop with Ctrl-C.%n",
                (System.nanoTime() - started) / 1e9, data);
        System.out.println("  Kafka  " + endpoints.kafka());
        System.out.println("  HTTP   " + endpoints.http());
        System.out.println("Next: ./weir topic list --data " + data + " · ./weir produce TOPIC --data " + data
                + " · ./weir sql --data " + data);
        int code = node.awaitEnd();
        if (code != 0 && code != 143 && code != 130) {
            throw new CliFailure(
                    CliFailure.INTERNAL, "The node ended with code " + code + ". Its log: " + data.resolve("logs"));
        }
    }

    private Map<String, String> arguments() {
        Map<String, String> all = new LinkedHashMap<>();
        if (freePorts) {
            all.put("weir.log.port", "0");
            all.put("weir.log.controller.port", "0");
            all.put("weir.http.port", "0");
        } else if (portOffset != null) {
            all.put("weir.log.port", Integer.toString(KAFKA_PORT + portOffset));
            all.put("weir.log.controller.port", Integer.toString(CONTROLLER_PORT + portOffset));
            all.put("weir.http.port", Integer.toString(HTTP_PORT + portOffset));
        }
        if (roles != null) {
            all.put("weir.roles", roles);
        }
        if (size != null) {
            all.put("weir.cluster.size", size.toString());
        }
        if (nodeId != null) {
            all.put("weir.cluster.node.id", nodeId.toString());
        }
        if (found) {
            all.put("weir.cluster.found", "true");
        }
        if (join != null) {
            all.put("weir.cluster.join", join);
        }
        all.putAll(settings);
        return all;
    }
}
