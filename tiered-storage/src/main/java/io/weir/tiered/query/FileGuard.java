package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Trust in the archive's files: each is compared with its recorded length and SHA-256 before its first use and
/// whenever its size or time has changed since; after each statement it is looked at again, because on a machine
/// where the child runs with our own rights only the gate and DuckDB's settings keep SQL from writing. Thread-safe.
final class FileGuard {
    private record Seen(long length, FileTime modified) {}

    private final Map<Path, Seen> trusted = new ConcurrentHashMap<>();

    /// @throws WeirException `archive-file-missing`, `archive-corrupt`
    void check(Collection<ColdFile> files) {
        for (ColdFile file : files) {
            Seen now = look(file);
            if (now.equals(trusted.get(file.location()))) {
                continue;
            }
            if (now.length() != file.length()) {
                throw corrupt(file, "it has " + now.length() + " bytes instead of " + file.length());
            }
            if (!file.sha256().isEmpty() && !file.sha256().equals(sha256(file))) {
                throw corrupt(file, "its SHA-256 is not the recorded one");
            }
            trusted.put(file.location(), now);
        }
    }

    /// @throws WeirException `archive-corrupt` when a file has changed since `check`
    void checkUnchanged(Collection<ColdFile> files) {
        for (ColdFile file : files) {
            if (Files.exists(file.location()) && !look(file).equals(trusted.get(file.location()))) {
                trusted.remove(file.location());
                throw corrupt(file, "it was changed while a statement ran");
            }
        }
    }

    private static Seen look(ColdFile file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.location(), BasicFileAttributes.class);
            return new Seen(attributes.size(), attributes.lastModifiedTime());
        } catch (IOException e) {
            throw new WeirException(
                    "archive-file-missing",
                    Whose.INTERNAL,
                    "Archive file '" + file.location() + "': cannot be opened.",
                    e);
        }
    }

    private static String sha256(ColdFile file) {
        try (InputStream in = Files.newInputStream(file.location())) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[1 << 16];
            int read = in.read(chunk);
            while (read >= 0) {
                digest.update(chunk, 0, read);
                read = in.read(chunk);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw corrupt(file, "it cannot be read: " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }

    private static WeirException corrupt(ColdFile file, String what) {
        return new WeirException(
                "archive-corrupt", Whose.INTERNAL, "Archive file '" + file.location() + "': " + what + ".");
    }
}
