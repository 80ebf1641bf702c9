package io.weir.tiered.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/// Objects in anything that Hadoop has a file system for: `file:`, `hdfs:`, `s3a:` (with hadoop-aws on the class
/// path).
///
/// Where a rename is cheap and atomic, a put writes a hidden temporary file, syncs it and renames it; in object
/// stores the object appears when its one upload completes.
public final class HadoopObjectStore implements ObjectStore {
    private static final Set<String> WITHOUT_RENAME = Set.of("s3a", "gs", "abfs", "abfss", "wasb", "oss", "cosn");
    private static final int COPY_BYTES = 128 * 1024;

    private final FileSystem fileSystem;
    private final Path root;
    private final boolean renames;

    private HadoopObjectStore(FileSystem fileSystem, Path root) {
        this.fileSystem = fileSystem;
        this.root = root;
        this.renames = !WITHOUT_RENAME.contains(fileSystem.getUri().getScheme());
    }

    /// @param root an absolute URI with scheme, for example `file:///var/lib/weir/archive`
    /// @param settings Hadoop configuration (`fs.s3a.endpoint` ...)
    public static HadoopObjectStore open(URI root, Map<String, String> settings) throws IOException {
        if (root.getScheme() == null) {
            throw new IOException("Archive '" + root + "': must be a URI with a scheme, got none. Did you mean 'file://"
                    + root + "'?");
        }
        Configuration configuration = new Configuration();
        configuration.set("fs.file.impl", LocalFolderFileSystem.class.getName());
        settings.forEach(configuration::set);
        try {
            return new HadoopObjectStore(FileSystem.newInstance(root, configuration), new Path(root));
        } catch (RuntimeException e) {
            throw new IOException("Archive '" + root + "': cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public void put(String path, java.nio.file.Path localFile) throws IOException {
        Path target = resolve(path);
        Path written = renames ? new Path(target.getParent(), "." + target.getName() + ".part") : target;
        try (InputStream in = Files.newInputStream(localFile);
                FSDataOutputStream out = fileSystem.create(written, true)) {
            byte[] buffer = new byte[COPY_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
            if (renames && out.hasCapability(StreamCapabilities.HSYNC)) {
                out.hsync();
            }
        }
        if (renames && !fileSystem.rename(written, target)) {
            // HDFS refuses to rename onto an existing file
            fileSystem.delete(target, false);
            if (!fileSystem.rename(written, target)) {
                throw new IOException("Object '" + target + "': the finished upload could not be renamed.");
            }
        }
    }

    @Override
    public byte[] read(String path, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        try (FSDataInputStream in = fileSystem.open(resolve(path))) {
            in.readFully(position, bytes);
        } catch (FileNotFoundException e) {
            throw new ObjectNotFoundException(describe(path), e);
        }
        return bytes;
    }

    @Override
    public long length(String path) throws IOException {
        try {
            return fileSystem.getFileStatus(resolve(path)).getLen();
        } catch (FileNotFoundException e) {
            throw new ObjectNotFoundException(describe(path), e);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        fileSystem.delete(resolve(path), false);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(resolve(folder))) {
                String name = status.getPath().getName();
                if (status.isFile() && !name.startsWith(".")) {
                    names.add(name);
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        return names;
    }

    @Override
    public String describe(String path) {
        return resolve(path).toString();
    }

    private Path resolve(String path) {
        return new Path(root, path);
    }

    @Override
    public void close() throws IOException {
        fileSystem.close();
    }
}
