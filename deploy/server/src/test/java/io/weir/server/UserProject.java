package io.weir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A project of a user's own, copied out of the repository and built by Maven as its user does: alone, and
/// here
/// offline.
///
/// Its local repository is the one of this build, by links, with weir-streams beside it as `mvn install`
/// would have
/// put it there; so nothing is installed on the machine that runs the tests.
final class UserProject {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final String VERSION = "0.1.0-SNAPSHOT";

    private final Path folder;
    private final Path repository;

    private UserProject(Path folder, Path repository) {
        this.folder = folder;
        this.repository = repository;
    }

    static UserProject copy(Path source, Path work) throws IOException {
        Path folder = work.resolve("project");
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = source.relativize(file);
                if (!relative.startsWith("target")) {
                    Path copy = folder.resolve(relative);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy);
                }
            }
        }
        Path repository = Files.createDirectories(work.resolve("repository"));
        Path used = Path.of(System.getProperty("weir.maven.repository"));
        link(used, repository, "io");
        link(used.resolve("io"), Files.createDirectories(repository.resolve("io")), "weir");
        install(repository, "weir-parent", ROOT.resolve("pom.xml"), "pom");
        install(repository, "weir-streams", ROOT.resolve("streams/pom.xml"), "pom");
        install(repository, "weir-streams", ROOT.resolve("streams/target/weir-streams-" + VERSION + ".jar"), "jar");
        return new UserProject(folder, repository);
    }

    private static void link(Path from, Path to, String but) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                String name = entry.getFileName().toString();
                if (!name.equals(but)) {
                    Files.createSymbolicLink(to.resolve(name), entry);
                }
            }
        }
    }

    private static void install(Path repository, String artifact, Path file, String type) throws IOException {
        Path folder = Files.createDirectories(
                repository.resolve("io/weir").resolve(artifact).resolve(VERSION));
        Files.copy(file, folder.resolve(artifact + "-" + VERSION + "." + type));
    }

    /// `mvn -o package`.
    ///
    /// @return what Maven said
    String build() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("weir.maven.home"), "bin", "mvn").toString());
        command.addAll(List.of("-o", "-B", "-Dmaven.repo.local=" + repository, "package"));
        Path output = folder.resolve("maven.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process maven = builder.start();
        try {
            if (!maven.waitFor(180, TimeUnit.SECONDS) || maven.exitValue() != 0) {
                throw new AssertionError("Maven did not build " + folder + ":\n" + Files.readString(output));
            }
            return Files.readString(output);
        } finally {
            maven.descendants().forEach(ProcessHandle::destroyForcibly);
            maven.destroyForcibly();
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }
}
