package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.streams.topology.FoldPlan.Cell;
import io.weir.streams.topology.FoldPlan.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes the states of a fold of what [FoldSql] answers. Thread-safe.
final class FoldStates {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int FIXED = 4;

    private final FoldPlan plan;
    private final ColumnsFold fold;
    private final int width;

    FoldStates(FoldPlan plan, ColumnsFold fold) {
        this.plan = plan;
        this.fold = fold;
        this.width = FIXED + plan.cells().stream().mapToInt(FoldSql::width).sum();
    }

    /// @param pages lines of JSON arrays
    /// @throws IOException they are not
    FoldedRows read(List<byte[]> pages) throws IOException {
        FoldCounts counts = null;
        List<FoldedRows.Window> windows = new ArrayList<>();
        List<byte[]> lateKeys = new ArrayList<>();
        @Nullable String[] line = new @Nullable String[width];
        for (byte[] page : pages) {
            try (JsonParser parser = JSON.createParser(page)) {
                while (parser.nextToken() == JsonToken.START_ARRAY) {
                    read(parser, line);
                    if (counts == null) {
                        counts = FoldCounts.parse(given(line, 2));
                    } else if (given(line, 0).equals("1")) {
                        windows.add(window(line));
                    } else {
                        lateKeys.add(given(line, 2).getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
        if (counts == null) {
            throw new IOException("a fold of columns has no answer");
        }
        return new FoldedRows(counts, windows, lateKeys);
    }

    private void read(JsonParser parser, @Nullable String[] line) throws IOException {
        for (int i = 0; i < width; i++) {
            line[i] = parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getText();
        }
        if (parser.nextToken() != JsonToken.END_ARRAY) {
            throw new IOException("a fold of columns has more than " + width + " columns");
        }
    }

    private FoldedRows.Window window(@Nullable String[] line) {
        long rows = Long.parseLong(given(line, 3));
        @Nullable Object[] cells = new @Nullable Object[plan.cells().size()];
        int at = FIXED;
        for (int i = 0; i < cells.length; i++) {
            Cell cell = plan.cells().get(i);
            cells[i] = cell(cell, rows, line, at);
            at += FoldSql.width(cell);
        }
        return new FoldedRows.Window(
                Long.parseLong(given(line, 1)),
                given(line, 2).getBytes(StandardCharsets.UTF_8),
                rows,
                fold.state(cells));
    }

    /// As [ColumnsFold] keeps it.
    private static @Nullable Object cell(Cell cell, long rows, @Nullable String[] line, int at) {
        String first = FoldSql.width(cell) == 0 ? null : line[at];
        return switch (cell.kind()) {
            case COUNT -> (Object) rows;
            case COUNT_IF -> "0".equals(first) || first == null ? null : (Object) Long.valueOf(first);
            case SUM, MIN, MAX -> first == null ? null : value(cell.value(), first);
            case AVG ->
                first == null
                        ? null
                        : new FoldCells.SumAndCount(new BigDecimal(first), Long.parseLong(given(line, at + 1)));
            case FIRST, LAST ->
                first == null
                        ? null
                        : new TimedCells.Timed(Long.parseLong(given(line, at + 1)), value(cell.value(), first));
            case APPROXIMATE_SUM, APPROXIMATE_AVG, DISTINCT_APPROX, COLLECT ->
                throw new IllegalArgumentException(cell.kind() + " is not folded");
        };
    }

    private static Object value(Value type, String text) {
        return switch (type) {
            case BOOLEAN -> Boolean.valueOf(text);
            case INT -> Integer.valueOf(text);
            case LONG -> Long.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case TEXT -> text;
            case INSTANT -> {
                long micros = Long.parseLong(text);
                yield Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
            }
        };
    }

    private static String given(@Nullable String[] line, int at) {
        return Objects.requireNonNull(line[at], "a column of a fold");
    }
}
