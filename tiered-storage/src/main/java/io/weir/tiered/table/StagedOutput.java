package io.weir.tiered.table;

import io.weir.tiered.store.ObjectStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/// A file that is written locally and stored whole when it is closed.
final class StagedOutput implements OutputFile {
    private final StoreFileIO files;
    private final ObjectStore store;
    private final Path staging;
    private final String location;

    StagedOutput(StoreFileIO files, ObjectStore store, Path staging, String location) {
        this.files = files;
        this.store = store;
        this.staging = staging;
        this.location = location;
    }

    @Override
    public PositionOutputStream create() {
        if (toInputFile().exists()) {
            throw new AlreadyExistsException("File '%s': must be new, exists.", location);
        }
        return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
        try {
            Files.createDirectories(staging);
            return new Stream(Files.createTempFile(staging, "lake", ".part"));
        } catch (IOException e) {
            throw new UncheckedIOException("File '" + location + "': could not be staged: " + e.getMessage(), e);
        }
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public InputFile toInputFile() {
        return files.newInputFile(location);
    }

    private final class Stream extends PositionOutputStream {
        private final Path staged;
        private final OutputStream out;
        private long position;
        private boolean closed;

        Stream(Path staged) throws IOException {
            this.staged = staged;
            this.out = new BufferedOutputStream(Files.newOutputStream(staged), 64 * 1024);
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            position++;
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            out.write(bytes, start, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try {
                out.close();
                store.put(files.path(location), staged);
                // a store may take half and say yes: nothing may point to such a file
                long stored = store.length(files.path(location));
                if (stored != position) {
                    throw new IOException("File '" + location + "': must have " + position
                            + " bytes after the upload, has " + stored + ".");
                }
            } finally {
                Files.deleteIfExists(staged);
            }
        }
    }
}
