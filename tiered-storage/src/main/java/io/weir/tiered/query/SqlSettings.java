package io.weir.tiered.query;

import java.nio.file.Path;
import java.time.Duration;

/// @param directory private folder for hot chunks; emptied at start
/// @param timeLimit longest a statement may take, and the default
/// @param hotMaxBytes Parquet bytes of the hot part that one statement may need, and that are kept for the next
/// @param hotReaders partitions read at the same time
/// @param cache of files whose archive is no local folder
/// @param answerMaxBytes bytes after which an answer is truncated
public record SqlSettings(
        Path directory,
        Duration timeLimit,
        long hotMaxBytes,
        int hotReaders,
        FileCache.Settings cache,
        long answerMaxBytes) {
    /// 30 s, 2 GiB of hot chunks, two readers, 2 GiB of fetched files beside them, 64 MiB per answer.
    public static SqlSettings of(Path directory) {
        return new SqlSettings(
                directory, Duration.ofSeconds(30), 2L << 30, 2, FileCache.Settings.of(directory), 64L << 20);
    }

    public SqlSettings withHotMaxBytes(long newHotMaxBytes) {
        return new SqlSettings(directory, timeLimit, newHotMaxBytes, hotReaders, cache, answerMaxBytes);
    }
}
