package io.weir.tiered.query.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Removal of private folders.
public final class Directories {
    private Directories() {}

    /// Removes a folder with all that is in it, as far as possible: what another process removes meanwhile, or
    /// still holds, is left to the next start.
    public static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(directory)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException | java.io.UncheckedIOException e) {
            return;
        }
        for (Path path : deepestFirst) {
            path.toFile().delete();
        }
    }
}
