package io.weir.streams.job.life;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folders with local state of this node, one per version, named by its application id.
final class StateFolders {
    private static final Pattern APPLICATION_ID = Pattern.compile("[a-z0-9_-]{1,64}\\.[vs][1-9][0-9]*");

    private final Path root;

    StateFolders(Path root) {
        this.root = root;
    }

    /// Removes one version's folder with everything in it, never following links.
    void delete(String applicationId) {
        try {
            Files.walkFileTree(root.resolve(applicationId), new Deletion());
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Removes folders of versions that no job has, left behind when this node was down while a job was
    /// deleted.
    ///
    /// @return whose folders were removed
    List<String> deleteAllBut(Set<String> applicationIds) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<String> orphans;
        try (Stream<Path> folders = Files.list(root)) {
            orphans = folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> APPLICATION_ID.matcher(name).matches() && !applicationIds.contains(name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        orphans.forEach(this::delete);
        return orphans;
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            if (e != null) {
                throw e;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
