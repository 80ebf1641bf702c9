package io.weir.connect.library.file;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// The folders of this machine that file connectors may touch (setting `weir.connect.files.allowed`). A path
/// counts by where it really leads: symbolic links are resolved before it is compared, and `..` is refused
/// outright.
///
/// Connect creates connectors by reflection and hands them nothing but their own settings, therefore the
/// process keeps one current value in [#allow]. Until that is called no folder is allowed. Immutable;
/// thread-safe.
public final class AllowedFolders {
    private static final String SETTING = "weir.connect.files.allowed";
    private static final AtomicReference<AllowedFolders> CURRENT = new AtomicReference<>(of(List.of()));

    private final List<Path> folders;

    private AllowedFolders(List<Path> folders) {
        this.folders = folders;
    }

    /// Makes `folders` the ones that every file connector of this process may use from now on, in place of
    /// the former ones. A folder need not exist yet. The node calls it once, before Connect starts.
    public static void allow(Collection<Path> folders) {
        CURRENT.set(of(folders));
    }

    static AllowedFolders current() {
        return CURRENT.get();
    }

    static AllowedFolders of(Collection<Path> folders) {
        return new AllowedFolders(
                folders.stream().map(Path::toAbsolutePath).map(Path::normalize).toList());
    }

    /// The real location of something that exists.
    ///
    /// @throws ConfigException when the path is relative, holds `..`, does not exist, or leads outside
    Path existing(String text) {
        Path path = plain(text);
        try {
            return inside(text, path.toRealPath());
        } catch (IOException e) {
            // refuse before telling whether it exists: an answer must not map folders that are not allowed
            inside(text, path);
            throw new ConfigException("File '" + text + "': must exist and be readable by the node. Check the path.");
        }
    }

    /// The real location of a folder that may still have to be created.
    ///
    /// @throws ConfigException when the path is relative, holds `..`, or leads outside
    Path creatable(String text) {
        Path path = plain(text);
        Path ancestor = path;
        while (ancestor != null) {
            Path real = realOrNull(ancestor);
            if (real != null) {
                return inside(text, real.resolve(ancestor.relativize(path)).normalize());
            }
            ancestor = ancestor.getParent();
        }
        return inside(text, path);
    }

    private Path plain(String text) {
        Path path;
        try {
            path = Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException("Path '" + text + "': must be a path of this system, got " + e.getReason() + ".");
        }
        if (!path.isAbsolute()) {
            throw new ConfigException("Path '" + text + "': must be absolute. Write the whole path from the root.");
        }
        for (Path name : path) {
            if (name.toString().equals("..")) {
                throw new ConfigException("Path '" + text + "': must not contain '..'. Write the path it leads to.");
            }
        }
        return path;
    }

    private Path inside(String text, Path real) {
        for (Path folder : folders) {
            Path realFolder = realOrNull(folder);
            if (real.startsWith(realFolder == null ? folder : realFolder)) {
                return real;
            }
        }
        if (folders.isEmpty()) {
            throw new ConfigException("Path '" + text + "': file connectors may use no folder, because '" + SETTING
                    + "' is not set. Set it to the folders that they may read and write.");
        }
        String known = folders.stream().map(Path::toString).collect(Collectors.joining(", "));
        throw new ConfigException("Path '" + text + "': must lead into an allowed folder (" + known
                + "), symbolic links resolved. Move the file there or add its folder to '" + SETTING + "'.");
    }

    private static @Nullable Path realOrNull(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return null;
        }
    }
}
