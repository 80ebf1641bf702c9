package io.weir.tiered.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// A store that fails by script, drawn from a seed: refuses, answers an error although it did the work, keeps half of
/// an upload, hangs, or lists what was written only later. With `hang` every call waits until the store is closed or
/// the caller gives up. Safe for use by any thread; the same calls in the same order fail in the same way.
public final class FailingObjectStore implements ObjectStore {
    private final MemoryObjectStore store;
    private final Random random;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Integer> unlisted = new ConcurrentHashMap<>();
    public volatile double failureRate;
    /// Share of calls that hang until their caller gives up.
    public volatile double hangRate;
    /// After a put, so many listings do not show the object yet.
    public volatile int listLag;
    public volatile boolean hang;

    public FailingObjectStore(MemoryObjectStore store, long seed, double failureRate) {
        this.store = store;
        this.random = new Random(seed);
        this.failureRate = failureRate;
    }

    /// No fault from now on.
    public void heal() {
        failureRate = 0;
        hangRate = 0;
        listLag = 0;
        hang = false;
        unlisted.clear();
    }

    private void maybeFail(String what) throws IOException {
        if (hang || (hangRate > 0 && random.nextDouble() < hangRate)) {
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
        if (listLag > 0) {
            unlisted.put(path, listLag);
        }
        if (random.nextDouble() < failureRate) {
            byte[] all = Files.readAllBytes(localFile);
            store.keep(path, Arrays.copyOf(all, all.length / 2));
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
        maybeFail("answer to delete " + path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        maybeFail("list " + folder);
        return store.list(folder).stream()
                .filter(name -> isListed(folder + "/" + name))
                .toList();
    }

    @Override
    public List<StoredObject> objects(String folder) throws IOException {
        maybeFail("list " + folder);
        return store.objects(folder).stream()
                .filter(object -> isListed(folder + "/" + object.name()))
                .toList();
    }

    private boolean isListed(String path) {
        return unlisted.computeIfPresent(path, (unused, left) -> left <= 1 ? null : left - 1) == null;
    }

    @Override
    public List<String> folders(String folder) throws IOException {
        maybeFail("list " + folder);
        return store.folders(folder);
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
