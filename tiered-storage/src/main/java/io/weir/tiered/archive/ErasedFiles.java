package io.weir.tiered.archive;

import io.weir.tiered.parquet.RecordFileReader;
import io.weir.tiered.parquet.RecordFileRewriter;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.OffsetSpans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Data files without the rows that one request takes away. Segments may share a file: it is written once.
final class ErasedFiles {
    private static final int HASH_CHARACTERS = 8;

    private final SegmentRewrites rewrites;
    private final ArchiveLayout layout;
    private final UUID request;
    private final Map<String, Optional<DataFile>> known = new HashMap<>();

    ErasedFiles(SegmentRewrites rewrites, ArchiveLayout layout, UUID request) {
        this.rewrites = rewrites;
        this.layout = layout;
        this.request = request;
    }

    /// Begins the name of every file that takes another's place: `<name>-x<first 8 characters of the
    /// request>`.
    static String stem(String path, UUID request) {
        return path.replaceFirst("\\.parquet$", "") + "-x" + request.toString().substring(0, HASH_CHARACTERS);
    }

    /// The files that were replaced, by path, with what took their place; empty when nothing is left.
    Map<String, Optional<DataFile>> replaced() {
        Map<String, Optional<DataFile>> replaced = new HashMap<>(known);
        replaced.entrySet()
                .removeIf(entry -> entry.getValue()
                        .filter(file -> file.path().equals(entry.getKey()))
                        .isPresent());
        return replaced;
    }

    /// The file itself when none of its rows goes; empty when all do.
    ///
    /// @param spans of the file's partition, other segments' too
    Optional<DataFile> without(DataFile file, OffsetSpans spans) throws IOException {
        Optional<DataFile> done = known.get(file.path());
        if (done == null) {
            boolean touched =
                    file.rowGroups().stream().anyMatch(group -> spans.touches(group.firstOffset(), group.lastOffset()));
            done = touched ? rewritten(file, spans) : Optional.of(file);
            known.put(file.path(), done);
        }
        return done;
    }

    private Optional<DataFile> rewritten(DataFile file, OffsetSpans spans) throws IOException {
        Path staged = rewrites.staged(".parquet");
        RecordFileReader reader = rewrites.reader(file);
        try (RecordFileRewriter rewriter = RecordFileRewriter.create(staged, reader)) {
            rewriter.appendWithout(reader, spans::contains);
            if (rewriter.rows() == file.rows()) {
                return Optional.of(file);
            }
            if (rewriter.rows() == 0) {
                return Optional.empty();
            }
            DataFile written = rewriter.finish(file.path());
            // named by its content: the same request that is done again never changes a file that is listed
            DataFile named = written.at(
                    stem(file.path(), request) + "-" + written.sha256().substring(0, HASH_CHARACTERS) + ".parquet");
            rewrites.put(layout.listed(named.path()), staged, named.crc32c());
            return Optional.of(named);
        } finally {
            Files.deleteIfExists(staged);
        }
    }
}
