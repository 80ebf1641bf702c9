package io.weir.tiered.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Gives every call of a store a deadline: the call runs on the given pool, its caller waits at most so long. A
/// call that hangs keeps its pool thread until it returns; when all are taken, further calls time out in the
/// queue. Owns the store and the pool.
public final class DeadlineObjectStore implements ObjectStore {
    /// A put may take longer, by its size at this rate.
    private static final long SLOWEST_PUT_BYTES_PER_SECOND = 1024 * 1024;

    private final ObjectStore store;
    private final ExecutorService pool;
    private final Duration deadline;

    /// @param deadline for each call, waiting for a thread included
    public DeadlineObjectStore(ObjectStore store, ExecutorService pool, Duration deadline) {
        this.store = store;
        this.pool = pool;
        this.deadline = deadline;
    }

    @Override
    public void put(String path, Path localFile) throws IOException {
        long seconds = Files.size(localFile) / SLOWEST_PUT_BYTES_PER_SECOND;
        call("put", path, deadline.plusSeconds(seconds), () -> {
            store.put(path, localFile);
            return true;
        });
    }

    @Override
    public byte[] read(String path, long position, int length) throws IOException {
        return call("read", path, deadline, () -> store.read(path, position, length));
    }

    @Override
    public long length(String path) throws IOException {
        return call("length", path, deadline, () -> store.length(path));
    }

    @Override
    public void delete(String path) throws IOException {
        call("delete", path, deadline, () -> {
            store.delete(path);
            return true;
        });
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return call("list", folder, deadline, () -> store.list(folder));
    }

    @Override
    public List<StoredObject> objects(String folder) throws IOException {
        return call("list", folder, deadline, () -> store.objects(folder));
    }

    @Override
    public List<String> folders(String folder) throws IOException {
        return call("list", folder, deadline, () -> store.folders(folder));
    }

    @Override
    public String describe(String path) {
        return store.describe(path);
    }

    private <T> T call(String verb, String path, Duration limit, Callable<T> work) throws IOException {
        Future<T> running;
        try {
            running = pool.submit(work);
        } catch (RejectedExecutionException e) {
            throw new IOException("Object '" + describe(path) + "': " + verb + " came after the store was closed.", e);
        }
        try {
            return running.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            running.cancel(true);
            throw new StoreTimeoutException("Object '" + describe(path) + "': " + verb + " must answer within " + limit
                    + " (weir.archive.store.deadline), did not. The store is slow or cannot be reached.");
        } catch (InterruptedException e) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Object '" + describe(path) + "': " + verb + " interrupted.")
                    .initCause(e);
        } catch (ExecutionException e) {
            throw translated(verb, path, e.getCause());
        }
    }

    private IOException translated(String verb, String path, @Nullable Throwable cause) {
        return cause instanceof IOException failure
                ? failure
                : new IOException("Object '" + describe(path) + "': " + verb + " failed: " + cause, cause);
    }

    @Override
    public void close() throws IOException {
        pool.shutdownNow();
        store.close();
    }
}
