package io.weir.streams.job.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The classes of one artifact. A job sees the JDK, the streams API and Kafka's clients of the node, and else
/// only what its own jar holds: neither the node's libraries nor other jobs.
///
/// [#SHARED] names and the JDK come from the node alone, even when the jar holds a copy; everything else comes
/// from the jar alone. RocksDB is shared because its native library can be loaded once per process.
///
/// Owned by whoever opened it. After `close`, and once no thread and no object of the job is left, the loader can
/// be collected.
public final class JobClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    /// Package prefixes that come from the node only.
    static final List<String> SHARED = List.of(
            "io.weir.streams.dsl.", "io.weir.streams.topology.", "org.apache.kafka.", "org.slf4j.", "org.rocksdb.");

    private final ClassLoader node;

    private JobClassLoader(String sha256, URL jar, ClassLoader node) {
        super("weir-job-" + sha256.substring(0, Math.min(12, sha256.length())), new URL[] {jar}, platform());
        this.node = node;
    }

    /// @param jar a local file that stays in place until the loader is closed
    /// @param node the loader of the streams API
    public static JobClassLoader open(String sha256, Path jar, ClassLoader node) {
        try {
            return new JobClassLoader(sha256, jar.toUri().toURL(), node);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (isShared(name)) {
            return node.loadClass(name);
        }
        return super.loadClass(name, resolve);
    }

    @Override
    public @Nullable URL getResource(String name) {
        return isShared(name.replace('/', '.')) ? node.getResource(name) : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return isShared(name.replace('/', '.')) ? node.getResources(name) : super.getResources(name);
    }

    @Override
    public void close() {
        try {
            super.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isShared(String name) {
        return SHARED.stream().anyMatch(name::startsWith);
    }

    private static ClassLoader platform() {
        return ClassLoader.getPlatformClassLoader();
    }
}
