package io.weir.tiered.store;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A store's server as a process of its own: its libraries must not meet ours. Ended by `close`, whatever it does.
final class ServerProcess implements AutoCloseable {
    /// Of this module, seen from itself and from other modules.
    private static final List<Path> CLASS_PATHS = List.of(
            Path.of("target", "store-servers.classpath"),
            Path.of("..", "..", "tiered-storage", "target", "store-servers.classpath"));

    private final Process process;
    private final Path output;

    private ServerProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /// @param jars which of the resolved jars belong to it, by file name
    /// @param folder its working directory
    static ServerProcess start(Predicate<String> jars, Path folder, List<String> options, List<String> main) {
        try {
            Path output = folder.resolve("server.log");
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElseThrow());
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
            command.addAll(options);
            command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath(jars))));
            command.addAll(main);
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            // a test that is killed takes it along
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new ServerProcess(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> classPath(Predicate<String> jars) throws IOException {
        Path file = CLASS_PATHS.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        CLASS_PATHS.getFirst().toAbsolutePath() + " is missing: run `mvn verify`."));
        List<String> all =
                new ArrayList<>(Arrays.asList(Files.readString(file).trim().split(File.pathSeparator)));
        // Maven keeps the logging API of its plugins to itself; Hadoop's mini cluster asserts with JUnit
        for (Class<?> own : List.of(
                org.slf4j.Logger.class,
                org.junit.jupiter.api.Assertions.class,
                org.junit.platform.commons.JUnitException.class,
                org.opentest4j.AssertionFailedError.class)) {
            all.add(Path.of(own.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString());
        }
        return all.stream()
                .filter(jar -> jars.test(Path.of(jar).getFileName().toString()))
                .toList();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @throws IllegalStateException it has ended by itself; the message holds what it said
    void requireAlive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("The server ended with code " + process.exitValue() + ":\n" + said());
        }
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
