package io.weir.tiered.archive;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Where segments are encoded. Clients come first: as long as the archive keeps up, the work is done on threads that
/// take what others leave. Once more of a partition waits than its limit, or the copy is urgent, the work is done in
/// the broker's own copying thread, with the weight of any other: a busy machine must not fill its disk. Safe for use
/// by any thread; owns its threads.
final class CopyThreads implements AutoCloseable {
    private static final String LOG_SUFFIX = ".log";

    private final CopyPace pace;
    private final ExecutorService yielding;

    CopyThreads(CopyPace pace) {
        this.pace = pace;
        AtomicInteger number = new AtomicInteger();
        // as many as the broker copies at a time
        this.yielding = Executors.newCachedThreadPool(task -> {
            Runnable lowered = () -> {
                ThreadNiceness.lower(pace.niceness());
                task.run();
            };
            Thread thread = new Thread(lowered, "weir-archive-copy-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /// @param logSegment that is copied
    /// @param urgent whether the work must not yield
    /// @param unclaimed given the result when the caller was interrupted before it could have it
    <T> T encode(Path logSegment, boolean urgent, Callable<T> work, Consumer<T> unclaimed) throws IOException {
        if (pace.niceness() == 0 || urgent || waitingBytes(logSegment) > pace.backlogBytes()) {
            return called(work);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Future<?> running = yielding.submit(() -> {
            try {
                result.complete(called(work));
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        try {
            return result.get();
        } catch (InterruptedException e) {
            running.cancel(true);
            CompletableFuture<Void> unused = result.thenAccept(unclaimed);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Copy: interrupted.").initCause(e);
        } catch (ExecutionException e) {
            throw rethrown(e);
        }
    }

    private static <T> T called(Callable<T> work) throws IOException {
        try {
            return work.call();
        } catch (Exception e) {
            throw rethrown(e);
        }
    }

    private static IOException rethrown(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> new IOException(cause);
        };
    }

    /// Bytes of the partition's local segments from this one on, the open one included.
    static long waitingBytes(Path logSegment) throws IOException {
        Path folder = logSegment.toAbsolutePath().getParent();
        String name = logSegment.getFileName().toString();
        if (folder == null) {
            return 0;
        }
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String other = file.getFileName().toString();
                if (other.endsWith(LOG_SUFFIX) && other.compareTo(name) >= 0) {
                    bytes += sizeOf(file);
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return bytes;
    }

    /// Segments come and go while the folder is read.
    private static long sizeOf(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        yielding.shutdownNow();
    }
}
