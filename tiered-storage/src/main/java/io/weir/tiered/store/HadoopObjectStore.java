package io.weir.tiered.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.BulkDelete;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.util.functional.FutureIO;

/// Objects in anything that Hadoop has a file system for: `file:`, `hdfs:`, `s3a:` (with hadoop-aws on the
/// class
/// path).
///
/// Where a rename is cheap and atomic, a put writes a hidden temporary file, syncs it and renames it; in
/// object
/// stores the object appears when its one upload completes, and an upload that fails is abandoned.
public final class HadoopObjectStore implements ObjectStore {
    private static final Set<String> WITHOUT_RENAME = Set.of("s3a", "gs", "abfs", "abfss", "wasb", "oss", "cosn");
    private static final int COPY_BYTES = 128 * 1024;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final FileSystem fileSystem;
    private final Path root;
    private final boolean renames;
    private final StoreFailures failures;

    private HadoopObjectStore(FileSystem fileSystem, Path root, StoreFailures failures) {
        this.fileSystem = fileSystem;
        this.root = root;
        this.renames = !WITHOUT_RENAME.contains(fileSystem.getUri().getScheme());
        this.failures = failures;
    }

    /// Opens it for calls that may take the default deadline.
    ///
    /// @param root an absolute URI with scheme, for example `file:///var/lib/weir/archive`
    /// @param settings Hadoop configuration (`fs.s3a.endpoint` ...)
    public static HadoopObjectStore open(URI root, Map<String, String> settings) throws IOException {
        return open(root, settings, DEADLINE);
    }

    /// Does not ask the store anything yet: one that is away now may be there later.
    ///
    /// @param root an absolute URI with scheme
    /// @param settings Hadoop configuration; time limits and retries follow `deadline` unless they are given
    /// @param deadline for one call
    public static HadoopObjectStore open(URI root, Map<String, String> settings, Duration deadline) throws IOException {
        if (root.getScheme() == null) {
            throw new IOException("Archive '" + root + "': must be a URI with a scheme, got none. Did you mean 'file://"
                    + root + "'?");
        }
        StoreFailures failures = new StoreFailures(root, settings);
        Configuration configuration = new Configuration();
        // Kafka's threads may carry a class loader that does not see the file systems
        configuration.setClassLoader(HadoopObjectStore.class.getClassLoader());
        StoreDefaults.under(root, settings, deadline).forEach(configuration::set);
        try {
            return new HadoopObjectStore(FileSystem.newInstance(root, configuration), new Path(root), failures);
        } catch (UnsupportedFileSystemException e) {
            throw new IOException(
                    "Archive '" + root + "': has the scheme '" + root.getScheme()
                            + "', must have one with a file system: file, s3a, hdfs (weir.archive.uri).",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "Archive '" + root + "': cannot be opened: " + failures.hidden(e.getMessage()), failures.shown(e));
        }
    }

    @Override
    public void put(String path, java.nio.file.Path localFile) throws IOException {
        Path target = resolve(path);
        Path written = renames ? new Path(target.getParent(), "." + target.getName() + ".part") : target;
        Boolean unused = call("put", path, () -> {
            write(written, localFile);
            if (renames) {
                rename(written, target);
            }
            return true;
        });
    }

    private void write(Path target, java.nio.file.Path localFile) throws IOException {
        try (InputStream in = Files.newInputStream(localFile);
                FSDataOutputStream out = fileSystem.create(target, true)) {
            try {
                byte[] buffer = new byte[COPY_BYTES];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                }
                if (renames && out.hasCapability(StreamCapabilities.HSYNC)) {
                    out.hsync();
                }
            } catch (IOException | RuntimeException e) {
                // else closing the stream would complete an object that is cut short
                if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
                    out.abort();
                }
                throw e;
            }
        }
    }

    private void rename(Path written, Path target) throws IOException {
        if (!fileSystem.rename(written, target)) {
            // HDFS refuses to rename onto an existing file unless it is told so; a delete before it could leave none
            FileContext.getFileContext(fileSystem.getUri(), fileSystem.getConf())
                    .rename(written, target, Options.Rename.OVERWRITE);
        }
    }

    @Override
    public byte[] read(String path, long position, int length) throws IOException {
        return call("read", path, () -> {
            byte[] bytes = new byte[length];
            try (FSDataInputStream in = stream(resolve(path), position + length)) {
                in.readFully(position, bytes);
            }
            return bytes;
        });
    }

    /// An object store is told how long the object is at least, so that it need not be asked first.
    private FSDataInputStream stream(Path file, long knownLength) throws IOException {
        if (renames) {
            return fileSystem.open(file);
        }
        return FutureIO.awaitFuture(fileSystem
                .openFile(file)
                .opt(Options.OpenFileOptions.FS_OPTION_OPENFILE_READ_POLICY, "random")
                .optLong(Options.OpenFileOptions.FS_OPTION_OPENFILE_LENGTH, knownLength)
                .build());
    }

    @Override
    public long length(String path) throws IOException {
        FileStatus status = call("length", path, () -> fileSystem.getFileStatus(resolve(path)));
        if (!status.isFile()) {
            throw new ObjectNotFoundException(describe(path), null);
        }
        return status.getLen();
    }

    @Override
    public void delete(String path) throws IOException {
        Boolean unused = call("delete", path, () -> renames ? deleteFile(path) : deleteObject(path));
    }

    private boolean deleteFile(String path) throws IOException {
        return fileSystem.delete(resolve(path), false);
    }

    /// As a file, it would first be looked for and then leave an object in place of its folder.
    private boolean deleteObject(String path) throws IOException {
        try (BulkDelete delete = fileSystem.createBulkDelete(root)) {
            for (Map.Entry<Path, String> failed : delete.bulkDelete(List.of(resolve(path)))) {
                String reason = String.valueOf(failed.getValue());
                throw reason.contains("AccessDenied")
                        ? new AccessDeniedException(path, null, reason)
                        : new IOException(reason);
            }
        }
        return true;
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return entries(folder).stream()
                .filter(FileStatus::isFile)
                .map(status -> status.getPath().getName())
                .filter(name -> !name.startsWith("."))
                .toList();
    }

    @Override
    public List<StoredObject> objects(String folder) throws IOException {
        return entries(folder).stream()
                .filter(FileStatus::isFile)
                .map(status -> new StoredObject(
                        status.getPath().getName(),
                        status.getLen(),
                        Instant.ofEpochMilli(status.getModificationTime())))
                .toList();
    }

    @Override
    public List<String> folders(String folder) throws IOException {
        return entries(folder).stream()
                .filter(FileStatus::isDirectory)
                .map(status -> status.getPath().getName())
                .toList();
    }

    private List<FileStatus> entries(String folder) throws IOException {
        try {
            return List.of(call("list", folder, () -> fileSystem.listStatus(resolve(folder))));
        } catch (ObjectNotFoundException e) {
            return List.of();
        }
    }

    @Override
    public String describe(String path) {
        return resolve(path).toString();
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private <T> T call(String verb, String path, Call<T> work) throws IOException {
        try {
            return work.run();
        } catch (IOException e) {
            throw failures.of(verb, describe(path), e);
        }
    }

    private Path resolve(String path) {
        return path.isEmpty() ? root : new Path(root, path);
    }

    @Override
    public void close() throws IOException {
        fileSystem.close();
    }
}
