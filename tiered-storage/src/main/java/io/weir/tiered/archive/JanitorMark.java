package io.weir.tiered.archive;

import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// When the janitor first looked at an archive, kept in the archive itself: object `<cluster id>/janitor.txt`, one
/// instant as text.
final class JanitorMark {
    private final ObjectStore store;
    private final String path;

    JanitorMark(ObjectStore store, String clusterId) {
        this.store = store;
        this.path = clusterId + "/janitor.txt";
    }

    /// Written by this call when there is none; one that cannot be read counts as written now.
    Instant firstPass(Instant now) throws IOException {
        try {
            int length = (int) Math.min(64, store.length(path));
            return Instant.parse(new String(store.read(path, 0, length), StandardCharsets.US_ASCII).trim());
        } catch (ObjectNotFoundException | DateTimeParseException e) {
            Path local = Files.createTempFile("weir-janitor", ".txt");
            try {
                store.put(path, Files.writeString(local, now.toString()));
            } finally {
                Files.delete(local);
            }
            return now;
        }
    }
}
