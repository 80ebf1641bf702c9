package io.weir.tiered.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/// Hadoop's local file system without its checksum files, and without a `chmod` process per file: without
/// Hadoop's native library permissions would be set by a shell command.
public final class LocalFolderFileSystem extends RawLocalFileSystem {
    /// Hadoop makes file systems by reflection.
    public LocalFolderFileSystem() {}

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
        java.nio.file.Path file = pathToFile(path).toPath();
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            String symbols = permission.getUserAction().SYMBOL
                    + permission.getGroupAction().SYMBOL
                    + permission.getOtherAction().SYMBOL;
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(symbols));
        }
    }
}
