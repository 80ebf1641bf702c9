package io.weir.connect.library.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Comparator;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;

/// A `path` setting: one file, or a pattern with `*`, `?`, `[...]`, `{a,b}` as in a shell (`**` crosses
/// folders).
final class Glob {
    private static final int DEEPEST = 32;

    private final String text;
    private final AllowedFolders allowed;

    Glob(String text, AllowedFolders allowed) {
        this.text = text;
        this.allowed = allowed;
    }

    /// The real paths of the files that it names, ordered by the names they were found under.
    ///
    /// @throws ConfigException when a path or a match is not allowed, is no regular file, or nothing matches
    List<Path> files() {
        if (!isPattern(text)) {
            return List.of(regular(text));
        }
        String fixed = fixedPart();
        Path base = allowed.existing(fixed);
        // a match is looked for under the real folder, so the pattern has to start there too
        String pattern = escaped(base.toString()) + text.substring(fixed.length());
        List<Path> found;
        try (Stream<Path> paths = Files.find(
                base, depth(text.substring(fixed.length())), (path, attributes) -> !attributes.isDirectory())) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            found = paths.filter(matcher::matches)
                    .sorted(Comparator.comparing(Path::toString))
                    .map(path -> regular(path.toString()))
                    .toList();
        } catch (PatternSyntaxException e) {
            throw new ConfigException("Path '" + text + "': must be a valid pattern: " + e.getDescription() + ".");
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigException("Folder '" + base + "': must be readable by the node, got " + e.getMessage());
        }
        if (found.isEmpty()) {
            throw new ConfigException("Path '" + text + "': matches no file. Check the pattern and the folder.");
        }
        return found;
    }

    private Path regular(String file) {
        Path real = allowed.existing(file);
        if (!Files.isRegularFile(real)) {
            throw new ConfigException("File '" + file + "': must be a regular file. For a folder write '" + file
                    + "/*' or a narrower pattern.");
        }
        return real;
    }

    /// The folders in front of the first element with a pattern character, without the last separator.
    private String fixedPart() {
        int special = 0;
        while ("*?[{\\".indexOf(text.charAt(special)) < 0) {
            special++;
        }
        int separator = text.lastIndexOf('/', special);
        if (separator < 0) {
            throw new ConfigException("Path '" + text + "': must be absolute. Write the whole path from the root.");
        }
        return separator == 0 ? "/" : text.substring(0, separator);
    }

    private static int depth(String remainder) {
        int elements = (int) remainder.chars().filter(c -> c == '/').count() + 1;
        return remainder.contains("**") ? DEEPEST : elements;
    }

    private static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> "*?[{\\".indexOf(c) >= 0);
    }

    private static String escaped(String literal) {
        return literal.replaceAll("([*?\\[\\]{}\\\\])", "\\\\$1");
    }
}
