package io.weir.cli.demo;

import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.NodeLocator;
import io.weir.cli.node.NodeProcess;
import io.weir.cli.node.Terminal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `weir demo`: the whole path on real input, every step checked.
@Command(
        name = "demo",
        description = {
            "Runs the whole path on a million real flights and checks every step:",
            "produced -> logged -> processed -> tiered -> queried -> processed anew by a better rule.",
            "Exit code 1 when a check did not hold."
        })
public final class DemoCommand implements Callable<Integer> {
    private static final Map<String, String> FREE_PORTS =
            Map.of("weir.log.port", "0", "weir.log.controller.port", "0", "weir.http.port", "0");

    @Option(names = "--records", paramLabel = "N", description = "Only the first N flights (default all 1,000,000).")
    private long records = 1_000_000;

    @Option(names = "--data", paramLabel = "FOLDER", description = "Made anew (default ./weir-demo).")
    private Path data = Path.of("weir-demo");

    @Option(names = "--keep", description = "Leave the node running until Ctrl-C.")
    private boolean keep;

    @Override
    public Integer call() {
        DemoScreen screen = new DemoScreen(System.out, Terminal.showsOutput());
        Path folder = data.toAbsolutePath().normalize();
        stopEarlierDemo(folder);
        DemoFiles files = DemoFiles.prepare(NodeProcess.home(), folder, records);
        screen.plain("weir demo · one node, data in " + data + " (remove it with: rm -r " + data + ")");
        CompletableFuture<FlightsFile> expected =
                CompletableFuture.supplyAsync(() -> FlightsFile.read(files.flights(), DemoRun.partitions()));
        NodeProcess.keepSettings(folder, settings(files));
        try (NodeProcess node = NodeProcess.start(folder, FREE_PORTS)) {
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "weir-stop"));
            NodeLocator.Endpoints endpoints = node.awaitReady(Duration.ofSeconds(90));
            screen.step("node up", "Kafka " + endpoints.kafka() + " · HTTP " + endpoints.http());
            DemoRun run = new DemoRun(screen, new Api(endpoints.http()), endpoints.kafka(), files, join(expected));
            run.run();
            return end(screen, node, screen.failures());
        }
    }

    /// What the demo's connectors may touch, and archive tasks that run at once instead of every few minutes.
    private static Map<String, String> settings(DemoFiles files) {
        return Map.of(
                "weir.connect.files.allowed", files.allowed(),
                "kafka.log.retention.check.interval.ms", "1000",
                "kafka.log.initial.task.delay.ms", "1000",
                "kafka.remote.log.manager.task.interval.ms", "1000");
    }

    private int end(DemoScreen screen, NodeProcess node, int failures) {
        String memory = NodeProcess.peakMemoryBytes(node.pid())
                .map(DemoScreen::megabytes)
                .orElse("unknown");
        String child = node.childPeakMemoryBytes()
                .map(bytes -> " (SQL child " + DemoScreen.megabytes(bytes) + ")")
                .orElse("");
        screen.plain(String.format(
                Locale.ROOT, "done in %.0f s · node's peak memory %s%s", screen.seconds(), memory, child));
        if (failures > 0) {
            screen.plain(failures + (failures == 1 ? " check" : " checks")
                    + " did not hold: see FAILED above. Node log: " + data.resolve("logs/weir.log"));
            return CliFailure.CHECK;
        }
        screen.plain("All checks held. Go on with this data:");
        screen.plain("  ./weir start --data " + data);
        screen.plain("  ./weir sql --data " + data
                + " \"SELECT origin, count(*), sum(delay) FROM flights GROUP BY origin ORDER BY 2 DESC LIMIT 5\"");
        screen.plain("  ./weir tail delays_by_hour --from-offset last:5 --limit 20 --data " + data);
        if (keep) {
            screen.plain("The node stays up until Ctrl-C.");
            node.awaitEnd();
        }
        return 0;
    }

    private static void stopEarlierDemo(Path folder) {
        NodeLocator.read(folder)
                .filter(NodeLocator.Endpoints::isAlive)
                .flatMap(endpoints -> ProcessHandle.of(endpoints.pid()))
                .filter(process ->
                        process.info().commandLine().orElse("quarkus-run.jar").contains("quarkus-run.jar"))
                .ifPresent(process -> {
                    process.destroy();
                    process.onExit()
                            .orTimeout(40, java.util.concurrent.TimeUnit.SECONDS)
                            .join();
                });
    }

    private static FlightsFile join(CompletableFuture<FlightsFile> expected) {
        try {
            return expected.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof CliFailure failure) {
                throw failure;
            }
            throw e;
        }
    }
}
