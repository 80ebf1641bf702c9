package io.weir.tiered.query.child;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one statement may use, for all statements of a child.
///
/// @param memoryBytes DuckDB's buffer memory
/// @param threads worker threads of DuckDB
/// @param tempDirectory private folder for spilled data
/// @param tempBytes most spilled bytes at a time
record Limits(long memoryBytes, int threads, Path tempDirectory, long tempBytes) {
    static Limits from(Map<String, @Nullable Object> body) {
        return new Limits(
                JsonText.number(body, "memoryBytes", 512L << 20),
                Math.toIntExact(JsonText.number(body, "threads", 1)),
                Path.of(String.valueOf(body.get("tempDirectory"))),
                JsonText.number(body, "tempBytes", 0));
    }
}
