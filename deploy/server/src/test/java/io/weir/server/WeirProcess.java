package io.weir.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// The packaged application as a process of its own, for tests that end it, kill it or run several.
///
/// ```java try (WeirProcess weir = WeirProcess.start(data, Map.of("weir.cluster.size", "1"))) {
/// HttpResponse<String> answer = weir.get("/q/health/ready"); }
/// ```
///
/// Free ports unless the settings say otherwise; `close` ends the process whatever the test did. Used by one
/// thread.
public final class WeirProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(45);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Process process;
    private final Path data;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    private WeirProcess(Process process, Path data) {
        this.process = process;
        this.data = data;
        this.reader = new Thread(this::read, "weir-output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /// Starts a node and waits until it is ready.
    public static WeirProcess start(Path data, Map<String, String> settings) {
        WeirProcess weir = launch(data, settings);
        try {
            weir.awaitReady();
            return weir;
        } catch (RuntimeException | Error e) {
            weir.close();
            throw e;
        }
    }

    /// Starts a node and returns at once.
    ///
    /// @param settings system properties; they win over the free ports given here
    public static WeirProcess launch(Path data, Map<String, String> settings) {
        return launch(data, settings, List.of());
    }

    /// @param jvmOptions further options of the virtual machine
    public static WeirProcess launch(Path data, Map<String, String> settings, List<String> jvmOptions) {
        return launch(data, settings, jvmOptions, Map.of());
    }

    /// @param environment variables beside those of this process
    public static WeirProcess launch(
            Path data, Map<String, String> settings, List<String> jvmOptions, Map<String, String> environment) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("weir.data.dir", data.toString());
        all.put("weir.http.port", "0");
        all.put("weir.log.port", "0");
        all.put("weir.log.controller.port", "0");
        // a killed process loses nothing that the kernel has: only power cuts need what a node alone does for each
        // batch
        all.put("kafka.log.flush.interval.messages", Long.toString(Long.MAX_VALUE));
        all.putAll(settings);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmOptions);
        all.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", application().toString()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return new WeirProcess(builder.start(), data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path application() {
        Path jar = Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("The application is not packaged: " + jar + " is missing.");
        }
        return jar;
    }

    /// Waits until HTTP says that the node is ready.
    public void awaitReady() {
        Awaitility.await("node ready")
                .atMost(READY)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(
                                "The node ended with code " + process.exitValue() + ":\n" + output());
                    }
                    return isReady();
                });
    }

    private boolean isReady() {
        JsonNode endpoints = endpoints();
        if (endpoints.path("pid").asLong() != process.pid()) {
            return false;
        }
        try {
            return get("/q/health/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /// `meta/endpoints.json`; an empty object while there is none.
    public JsonNode endpoints() {
        Path file = data.resolve("meta").resolve("endpoints.json");
        try {
            return Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    /// Base URL: `http://127.0.0.1:port`.
    public URI http() {
        return URI.create(endpoints().path("http").asText());
    }

    /// `host:port` for Kafka clients.
    public String kafka() {
        return endpoints().path("kafka").asText();
    }

    /// Where the node keeps everything.
    public Path data() {
        return data;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// GET of a path, with header names and values in turn.
    public HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    /// POST of a JSON body.
    public HttpResponse<String> post(String path, String body, String... headers) {
        return send(request(path, headers)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(http().resolve(path)).timeout(Duration.ofSeconds(60));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /// Ends it as a crash would.
    public void kill9() {
        process.destroyForcibly();
        awaitExit();
    }

    /// Asks it to stop and waits.
    ///
    /// @return its exit code: 143 after a clean stop by signal
    public int stop() {
        process.destroy();
        return awaitExit();
    }

    /// Waits until it has ended by itself.
    public int awaitExit() {
        try {
            if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("The node did not end within " + END + ":\n" + output());
            }
            reader.join(Duration.ofSeconds(5).toMillis());
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// What it has printed so far.
    public String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader()) {
            String line = output.readLine();
            while (line != null) {
                synchronized (lines) {
                    lines.add(line);
                }
                line = output.readLine();
            }
        } catch (IOException e) {
            // the process was killed
        }
    }

    /// Ends the process and what it started, if it still runs.
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(END.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
