package io.weir.tiered.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Objects in memory.
public class MemoryObjectStore implements ObjectStore {
    public final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    /// When each was written, by `clock`.
    public final Map<String, Instant> written = new ConcurrentHashMap<>();

    private final Clock clock;

    public MemoryObjectStore() {
        this(Clock.systemUTC());
    }

    public MemoryObjectStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void put(String path, Path localFile) throws IOException {
        keep(path, Files.readAllBytes(localFile));
    }

    void keep(String path, byte[] content) {
        objects.put(path, content);
        written.put(path, clock.instant());
    }

    @Override
    public byte[] read(String path, long position, int length) throws IOException {
        byte[] object = object(path);
        if (position + length > object.length) {
            throw new EOFException(describe(path) + " has no " + length + " bytes at " + position);
        }
        return Arrays.copyOfRange(object, (int) position, (int) position + length);
    }

    @Override
    public long length(String path) throws IOException {
        return object(path).length;
    }

    private byte[] object(String path) throws ObjectNotFoundException {
        byte[] object = objects.get(path);
        if (object == null) {
            throw new ObjectNotFoundException(describe(path), null);
        }
        return object;
    }

    @Override
    public void delete(String path) {
        objects.remove(path);
    }

    @Override
    public List<String> list(String folder) {
        String prefix = folder + "/";
        return objects.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .filter(name -> !name.contains("/"))
                .toList();
    }

    @Override
    public List<StoredObject> objects(String folder) {
        return list(folder).stream()
                .map(name -> new StoredObject(
                        name,
                        objects.get(folder + "/" + name).length,
                        written.getOrDefault(folder + "/" + name, Instant.EPOCH)))
                .toList();
    }

    @Override
    public List<String> folders(String folder) {
        String prefix = folder + "/";
        return objects.keySet().stream()
                .filter(path -> path.startsWith(prefix))
                .map(path -> path.substring(prefix.length()))
                .filter(name -> name.contains("/"))
                .map(name -> name.substring(0, name.indexOf('/')))
                .distinct()
                .toList();
    }

    @Override
    public String describe(String path) {
        return "memory:/" + path;
    }

    @Override
    public void close() {}
}
