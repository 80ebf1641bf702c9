package io.weir.tiered.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/// A store that fails by script, drawn from a seed: refuses, answers an error although it did the work, or keeps
/// half of an upload. With `hang` every call waits until the store is closed.
public final class FailingObjectStore implements ObjectStore {
    private final MemoryObjectStore store;
    private final Random random;
    private final CountDownLatch closed = new CountDownLatch(1);
    public volatile double failureRate;
    public volatile boolean hang;

    public FailingObjectStore(MemoryObjectStore store, long seed, double failureRate) {
        this.store = store;
        this.random = new Random(seed);
        this.failureRate = failureRate;
    }

    private void maybeFail(String what) throws IOException {
        if (hang) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        if (random.nextDouble() < failureRate) {
            throw new IOException("503 on " + what);
        }
    }

    @Override
    public void put(String path, Path localFile) throws IOException {
        maybeFail("put " + path);
        if (random.nextDouble() < failureRate) {
            byte[] all = Files.readAllBytes(localFile);
            store.objects.put(path, Arrays.copyOf(all, all.length / 2));
            if (random.nextBoolean()) {
                throw new IOException("connection lost in " + path);
            }
            return;
        }
        store.put(path, localFile);
        maybeFail("answer to put " + path);
    }

    @Override
    public byte[] read(String path, long position, int length) throws IOException {
        maybeFail("read " + path);
        return store.read(path, position, length);
    }

    @Override
    public long length(String path) throws IOException {
        maybeFail("length " + path);
        return store.length(path);
    }

    @Override
    public void delete(String path) throws IOException {
        maybeFail("delete " + path);
        store.delete(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        maybeFail("list " + folder);
        return store.list(folder);
    }

    @Override
    public String describe(String path) {
        return store.describe(path);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
