package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The folders of one node: `meta` (identity, quorum log, lock, kept choices) and `log` (records). Decides what
/// an existing folder is, so that nothing that was ever formatted is formatted again.
record DataDirectory(Path root) {
    /// @param clusterId as founded
    /// @param nodeId as given at the first start
    record Identity(String clusterId, int nodeId) {}

    Path meta() {
        return root.resolve("meta");
    }

    Path log() {
        return root.resolve("log");
    }

    /// Creates the folders and checks that they can be written.
    ///
    /// @throws WeirException `data-directory-unusable` with path and reason
    void create() {
        try {
            Files.createDirectories(meta());
            Files.createDirectories(log());
            for (Path folder : new Path[] {meta(), log()}) {
                Files.delete(Files.createTempFile(folder, ".weir-write-check", null));
            }
        } catch (IOException e) {
            throw new WeirException(
                    "data-directory-unusable",
                    Whose.USER,
                    "Data directory '" + root + "': it must be a folder this user can write, got " + reason(e)
                            + ". Choose another weir.data.dir or mend its rights.",
                    e);
        }
    }

    /// The identity given at the first start; empty when there was none.
    ///
    /// @throws WeirException `data-directory-damaged` when there was one that cannot be read, or when records lie
    ///     here without any, `data-directory-foreign` when another program's log lies here
    Optional<Identity> identity() {
        if (Files.exists(root.resolve("meta.properties"))) {
            throw new WeirException(
                    "data-directory-foreign",
                    Whose.USER,
                    "Data directory '" + root + "': it holds the log of a Kafka broker that Weir did not make"
                            + " (meta.properties). Choose another weir.data.dir.");
        }
        Optional<Identity> known = read(meta());
        Optional<Identity> ofRecords = read(log());
        if (known.isPresent()) {
            return known;
        }
        if (ofRecords.isPresent() && !holdsRecords()) {
            return ofRecords; // a first start was cut off between the two folders: finish it under the same name
        }
        if (ofRecords.isPresent() || holdsRecords()) {
            throw damaged(meta(), "records lie in " + log() + " but meta.properties is missing in " + meta(), null);
        }
        return Optional.empty();
    }

    /// Whether a partition folder such as `orders-0` exists.
    private boolean holdsRecords() {
        try (DirectoryStream<Path> partitions = Files.newDirectoryStream(log(), "*-[0-9]*")) {
            return partitions.iterator().hasNext();
        } catch (IOException e) {
            throw damaged(log(), reason(e), e);
        }
    }

    private static Optional<Identity> read(Path folder) {
        Path file = folder.resolve("meta.properties");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(folder, "meta.properties cannot be read", e);
        }
        String node = properties.getProperty("node.id");
        if (node == null) {
            throw damaged(folder, "node ID not found in " + folder, null);
        }
        String cluster = properties.getProperty("cluster.id");
        if (cluster == null || cluster.isBlank()) {
            throw damaged(folder, "cluster ID not found in " + folder, null);
        }
        try {
            return Optional.of(new Identity(cluster, Integer.parseInt(node.strip())));
        } catch (NumberFormatException e) {
            throw damaged(folder, "node ID not found in " + folder + " (it says '" + node + "')", e);
        }
    }

    private static WeirException damaged(Path folder, String what, @Nullable Throwable cause) {
        return new WeirException(
                "data-directory-damaged",
                Whose.USER,
                "Data directory '" + folder.getParent() + "': " + what
                        + ". Nothing is formatted again; restore the file from a backup or choose another weir.data.dir.",
                cause);
    }

    /// The reason of a file error in words, without the path (the caller names it).
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileAlreadyExistsException exists -> exists.getFile() + ", which is a file";
            case FileSystemException other when other.getReason() != null -> other.getFile() + ": " + other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
