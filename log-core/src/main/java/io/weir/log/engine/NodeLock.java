package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The exclusive right to one data directory, held by the file `meta/.weir.lock`, whose content is the holder's
/// process id.
///
/// Kafka's own `.lock` comes too late: a second process opens the quorum log before it and disturbs the first.
/// The operating system frees the lock when the holder dies, however it dies.
final class NodeLock implements AutoCloseable {
    static final String FILE_NAME = ".weir.lock";

    private final FileChannel channel;
    private final FileLock lock;

    private NodeLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /// @throws WeirException `data-directory-in-use` naming the holder, `data-directory-unusable` on I/O errors
    static NodeLock acquire(Path metaDirectory) {
        Path file = metaDirectory.resolve(FILE_NAME);
        FileChannel channel = open(file);
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = holder(file);
                channel.close();
                throw inUse(file, holder);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
            return new NodeLock(channel, lock);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static FileChannel open(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(Path file) {
        try {
            String pid = Files.readString(file).strip();
            return pid.isEmpty() ? "another process" : "process " + pid;
        } catch (IOException e) {
            return "another process";
        }
    }

    private static WeirException inUse(Path file, String holder) {
        return new WeirException(
                "data-directory-in-use",
                Whose.USER,
                "Data directory '" + file.resolve("../..").normalize() + "': " + holder
                        + " runs a node on it and holds " + file + ". Stop that node or choose another weir.data.dir.");
    }

    private static WeirException unusable(Path file, IOException cause) {
        return new WeirException(
                "data-directory-unusable",
                Whose.USER,
                "Data directory: cannot lock " + file + " (" + DataDirectory.reason(cause)
                        + "). Choose another weir.data.dir or mend its rights.",
                cause);
    }

    /// Frees the directory; the file stays, empty. Idempotent.
    @Override
    public void close() {
        try {
            if (lock.isValid()) {
                channel.truncate(0);
                lock.release();
            }
            channel.close();
        } catch (IOException e) {
            // the operating system frees it with the process at the latest
            org.slf4j.LoggerFactory.getLogger(NodeLock.class)
                    .debug("Could not release the lock of the data directory", e);
        }
    }
}
