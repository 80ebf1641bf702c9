package io.weir.tiered.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Objects by path (`/` between parts, relative to the store's root). Safe for use by any thread; calls block.
/// Who creates a store closes it, and `close` is idempotent.
///
/// Every call may fail with an [IOException] and then be tried again; [ObjectNotFoundException] means that the
/// object is not there, which is an answer.
public interface ObjectStore extends AutoCloseable {
    /// Stores a local file whole: readers see all of it or nothing. Replaces an object of the same path.
    void put(String path, Path localFile) throws IOException;

    /// Exactly `length` bytes from `position`, as a new array.
    ///
    /// @throws ObjectNotFoundException there is no such object
    /// @throws IOException the object is shorter than asked
    byte[] read(String path, long position, int length) throws IOException;

    /// @return length in bytes
    /// @throws ObjectNotFoundException there is no such object
    long length(String path) throws IOException;

    /// Removes the object; no error when it is not there.
    void delete(String path) throws IOException;

    /// Names (last part only) of the objects directly in a folder, in no order; empty when there is no such
    /// folder.
    List<String> list(String folder) throws IOException;

    /// What lies directly in a folder, unfinished uploads too, in no order; empty when there is no such folder.
    List<StoredObject> objects(String folder) throws IOException;

    /// Names (last part only) of the folders directly in a folder, in no order; empty when there is no such folder.
    List<String> folders(String folder) throws IOException;

    /// The full address of an object, for messages.
    String describe(String path);

    @Override
    void close() throws IOException;
}
