package io.weir.cli.node;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A node that this command started: a Java process of its own, ended with the command.
///
/// Used by one thread; [#close] may be called from a shutdown hook as well.
public final class NodeProcess implements AutoCloseable {
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(40);
    /// A folder's own settings, in the form of a properties file; what a command line says goes before.
    private static final String OWN_SETTINGS = "weir.properties";
    private static final Pattern PEAK_MEMORY = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private final Process process;
    private final Path data;
    private final Path output;

    private NodeProcess(Process process, Path data, Path output) {
        this.process = process;
        this.data = data;
        this.output = output;
    }

    /// Starts the packaged node on a data folder and returns at once.
    ///
    /// @param settings Weir, Quarkus or Kafka settings, passed as system properties
    public static NodeProcess start(Path data, Map<String, String> settings) {
        Path home = home();
        Path application = home.resolve("deploy/server/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(application)) {
            throw new CliFailure(CliFailure.INTERNAL, "The node is not built: " + application + " is missing.");
        }
        Path output = data.resolve("logs").resolve("console.log");
        List<String> command = command(data, settings, application);
        try {
            Files.createDirectories(output.getParent());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(nullDevice()))
                    .start();
            return new NodeProcess(process, data, output);
        } catch (IOException e) {
            throw new CliFailure(
                    CliFailure.USER, "Data folder '" + data + "': cannot be written (" + e.getMessage() + ").", e);
        }
    }

    private static List<String> command(Path data, Map<String, String> settings, Path application) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(
                "-Xmx" + Optional.ofNullable(System.getenv("WEIR_NODE_HEAP")).orElse("768m"));
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dorg.apache.kafka.disallowed.login.modules=com.sun.security.auth.module.JndiLoginModule,"
                + "com.sun.security.auth.module.LdapLoginModule");
        command.add("-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=");
        command.add("-Dorg.apache.kafka.automatic.config.providers=none");
        command.add("-Dweir.data.dir=" + data.toAbsolutePath());
        Path ownSettings = data.toAbsolutePath().resolve(OWN_SETTINGS);
        if (Files.isRegularFile(ownSettings)) {
            command.add("-Dsmallrye.config.locations=" + ownSettings.toUri());
        }
        settings.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add("-jar");
        command.add(application.toString());
        return command;
    }

    /// Writes settings that every later start on this data folder has as well.
    public static void keepSettings(Path data, Map<String, String> settings) {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer out = Files.newBufferedWriter(Files.createDirectories(data).resolve(OWN_SETTINGS))) {
            properties.store(out, "Settings of the node on this folder; see docs/reference/configuration.md");
        } catch (IOException e) {
            throw new CliFailure(
                    CliFailure.USER, "Data folder '" + data + "': cannot be written (" + e.getMessage() + ").", e);
        }
    }

    /// The folder of the `weir` script.
    public static Path home() {
        return Path.of(System.getProperty("weir.home", ".")).toAbsolutePath().normalize();
    }

    /// Waits until the node is ready to serve.
    ///
    /// @throws CliFailure when it ends first, with the reason it gave, or is not ready within `timeout`
    public NodeLocator.Endpoints awaitReady(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            if (!process.isAlive()) {
                throw new CliFailure(Math.max(1, process.exitValue() > 128 ? 1 : process.exitValue()), reasonOfEnd());
            }
            Optional<NodeLocator.Endpoints> endpoints =
                    NodeLocator.read(data).filter(found -> found.pid() == process.pid());
            if (endpoints.isPresent() && isReady(endpoints.get().http())) {
                return endpoints.get();
            }
            if (System.nanoTime() > deadline) {
                throw new CliFailure(
                        CliFailure.INTERNAL,
                        "The node was not ready within " + timeout.toSeconds() + " s. Its log: " + output);
            }
            Waiting.pause(Duration.ofMillis(50));
        }
    }

    private static boolean isReady(URI http) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(http.resolve("/q/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// The error lines of a node that did not stay, without their log prefix.
    private String reasonOfEnd() {
        try {
            List<String> lines = Files.readAllLines(output);
            List<String> errors = lines.stream()
                    .filter(line -> line.contains("ERROR"))
                    .map(line -> line.replaceFirst("^.*?ERROR\\s+(\\[[^]]*]\\s+)?(\\([^)]*\\)\\s+)?", ""))
                    .distinct()
                    .limit(3)
                    .toList();
            if (!errors.isEmpty()) {
                return String.join(" ", errors);
            }
            return "The node ended with code " + process.exitValue() + ". Its log: " + output;
        } catch (IOException e) {
            return "The node ended with code " + process.exitValue() + ".";
        }
    }

    /// Waits until the node ends by itself and gives its exit code.
    public int awaitEnd() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    public long pid() {
        return process.pid();
    }

    /// Peak resident memory in bytes of a process; empty where the system does not tell.
    public static Optional<Long> peakMemoryBytes(long pid) {
        try {
            Matcher matcher = PEAK_MEMORY.matcher(Files.readString(Path.of("/proc", Long.toString(pid), "status")));
            return matcher.find() ? Optional.of(Long.parseLong(matcher.group(1)) * 1024) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Peak resident memory in bytes of the largest child process: the SQL child.
    public Optional<Long> childPeakMemoryBytes() {
        return process.descendants()
                .map(child -> peakMemoryBytes(child.pid()))
                .flatMap(Optional::stream)
                .max(Long::compare);
    }

    private static java.io.File nullDevice() {
        return Path.of("/dev/null").toFile();
    }

    /// Asks the node to stop and waits; after its deadline it is killed. Does nothing when it has ended.
    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
