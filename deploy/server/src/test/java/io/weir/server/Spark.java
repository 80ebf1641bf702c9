package io.weir.server;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Apache Spark in a JVM of its own, told about the tables by the very lines that `./weir attach spark` prints.
/// Its class path is there in the long lane only (profile `engines` of this module).
final class Spark {
    private static final Path CLASS_PATH = Path.of("target", "spark.classpath");
    private static final Path MAIN = Path.of("src", "test", "spark", "SparkQueries.java");
    private static final Pattern SETTING = Pattern.compile("--conf (\\S+)");
    private static final Pattern PACKAGE = Pattern.compile("--packages [^:\\s]+:([^:\\s]+):(\\S+)");
    private static final Pattern STATEMENT = Pattern.compile("-e '(.*)'", Pattern.DOTALL);

    /// Packages of the JDK that Spark's own scripts open, too.
    private static final List<String> OPENED = Stream.of(
                    "java.lang",
                    "java.lang.invoke",
                    "java.lang.reflect",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.util",
                    "java.util.concurrent",
                    "java.util.concurrent.atomic",
                    "jdk.internal.ref",
                    "sun.nio.ch",
                    "sun.nio.cs",
                    "sun.util.calendar")
            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
            .toList();

    /// From JDK 25 on the buffers of Iceberg's and Spark's Netty are others than Arrow expects, unless they are told.
    private static final List<String> UNSAFE = List.of(
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-Dio.netty.noUnsafe=false",
            "-Dorg.apache.iceberg.shaded.io.netty.tryReflectionSetAccessible=true",
            "-Dorg.apache.iceberg.shaded.io.netty.noUnsafe=false");

    private final String lines;

    /// @param lines as printed
    Spark(String lines) {
        this.lines = lines;
    }

    /// Name of the jar that the printed package has.
    String jar() {
        Matcher matcher = PACKAGE.matcher(lines);
        if (!matcher.find()) {
            throw new IllegalStateException("No package in: " + lines);
        }
        return matcher.group(1) + "-" + matcher.group(2) + ".jar";
    }

    /// The printed statement.
    String statement() {
        Matcher matcher = STATEMENT.matcher(lines);
        if (!matcher.find()) {
            throw new IllegalStateException("No statement in: " + lines);
        }
        return matcher.group(1);
    }

    static List<String> jars() throws IOException {
        return Stream.of(Files.readString(CLASS_PATH).split(File.pathSeparator))
                .map(jar -> Path.of(jar).getFileName().toString())
                .toList();
    }

    /// @param folder for what Spark says
    /// @return rows as JSON, by statement
    List<List<String>> run(Path folder, String... statements) throws IOException, InterruptedException {
        List<String> settings =
                SETTING.matcher(lines).results().map(found -> found.group(1)).toList();
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(OPENED);
        command.addAll(UNSAFE);
        command.addAll(List.of("-cp", Files.readString(CLASS_PATH), MAIN.toString(), "" + settings.size()));
        command.addAll(settings);
        command.addAll(List.of(statements));
        Path said = folder.resolve("spark.log");
        Process process =
                new ProcessBuilder(command).redirectError(said.toFile()).start();
        try {
            List<List<String>> rows = rows(process);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError("Spark: " + Files.readString(said));
            }
            return rows;
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<List<String>> rows(Process process) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        List<String> present = new ArrayList<>();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        for (String line : output.split("\n", -1)) {
            if (line.startsWith("ROW ")) {
                present.add(line.substring(4));
            } else if (line.equals("END")) {
                rows.add(present);
                present = new ArrayList<>();
            }
        }
        return rows;
    }
}
