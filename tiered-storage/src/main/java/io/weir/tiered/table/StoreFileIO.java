package io.weir.tiered.table;

import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;

/// Iceberg's files as objects of the archive's own store: one door to the stores, with its deadlines. A
/// location is the archive's root and the object's path behind it. Safe for use by any thread; owns nothing.
final class StoreFileIO implements FileIO {
    private static final long serialVersionUID = 1L;

    private final transient ObjectStore store;
    private final transient Path staging;
    private final String root;

    /// @param root as the store was opened with
    /// @param staging local folder for files under way
    StoreFileIO(ObjectStore store, URI root, Path staging) {
        this.store = store;
        this.staging = staging;
        this.root = prefix(root);
    }

    /// `file:/x` and `file:///x/` are the same; other engines want the second without the last slash.
    private static String prefix(URI root) {
        String text = root.toString();
        String scheme = root.getScheme() + ":";
        if (root.getRawAuthority() == null && !text.startsWith(scheme + "//")) {
            text = scheme + "//" + text.substring(scheme.length());
        }
        return text.endsWith("/") ? text : text + "/";
    }

    /// The location of an object.
    String location(String path) {
        return root + path;
    }

    /// The object's path below the root.
    ///
    /// @throws IllegalArgumentException the location lies elsewhere
    String path(String location) {
        if (!location.startsWith(root)) {
            throw new IllegalArgumentException(
                    "File '" + location + "': must lie in the archive '" + root + "', does not.");
        }
        return location.substring(root.length());
    }

    @Override
    public InputFile newInputFile(String location) {
        return new StoredFile(location, -1);
    }

    @Override
    public InputFile newInputFile(String location, long length) {
        return new StoredFile(location, length);
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return new StagedOutput(this, store, staging, location);
    }

    @Override
    public void deleteFile(String location) {
        try {
            store.delete(path(location));
        } catch (IOException e) {
            throw new UncheckedIOException("File '" + location + "': could not be deleted: " + e.getMessage(), e);
        }
    }

    private final class StoredFile implements InputFile {
        private final String location;
        private volatile long length;

        StoredFile(String location, long length) {
            this.location = location;
            this.length = length;
        }

        @Override
        public long getLength() {
            long known = length;
            if (known < 0) {
                try {
                    known = store.length(path(location));
                } catch (ObjectNotFoundException e) {
                    throw new NotFoundException(e, "File '%s': does not exist.", location);
                } catch (IOException e) {
                    throw new UncheckedIOException("File '" + location + "': " + e.getMessage(), e);
                }
                length = known;
            }
            return known;
        }

        @Override
        public SeekableInputStream newStream() {
            return new WindowedInput(store, path(location), getLength());
        }

        @Override
        public String location() {
            return location;
        }

        @Override
        public boolean exists() {
            try {
                return getLength() >= 0;
            } catch (NotFoundException e) {
                return false;
            }
        }
    }
}
