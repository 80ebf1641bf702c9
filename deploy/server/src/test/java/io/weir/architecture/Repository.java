package io.weir.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The files of this repository, as they lie on the disk.
final class Repository {
    private static final Set<String> NOT_OURS =
            Set.of(".git", "target", "node_modules", "weir-demo", "weir-data", ".idea", ".vscode", "plugins");

    static final Path ROOT = root();

    private Repository() {}

    /// Every file of the repository, built and foreign ones left out, relative to the root.
    static List<Path> files() throws IOException {
        try (Stream<Path> entries = Files.list(ROOT)) {
            return entries.flatMap(Repository::below)
                    .map(ROOT::relativize)
                    .sorted()
                    .toList();
        }
    }

    private static Stream<Path> below(Path path) {
        if (NOT_OURS.contains(path.getFileName().toString()) || Files.isSymbolicLink(path)) {
            return Stream.empty();
        }
        if (!Files.isDirectory(path)) {
            return Stream.of(path);
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.toList().stream().flatMap(Repository::below);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("log-core/pom.xml"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
