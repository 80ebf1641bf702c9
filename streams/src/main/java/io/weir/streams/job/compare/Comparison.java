package io.weir.streams.job.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// Compares the results of two versions in one partition of one output: the newest row of each key. Memory is bounded:
/// keys are cut into slices by their hash, and one slice after the other is read and compared.
///
/// With `closedOnly`, rows of windows that one of the two has not closed yet are left out and counted: both give their
/// windows in the order of their ends, so what lies behind the lesser of the two newest ends is open.
public final class Comparison {
    private static final long ROWS_IN_MEMORY = 200_000;
    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private final ResultReader reader;
    private final CompareRules rules;
    private final boolean closedOnly;
    private final Consumer<Difference> differences;
    private final Tally tally;

    /// What was found. `equal + changed + missing + open <= left rows`.
    public static final class Tally {
        long left;
        long right;
        long equal;
        long missing;
        long extra;
        long changed;
        long open;

        /// Keys that the left version has a row for.
        public long left() {
            return left;
        }

        /// Keys that the right version has a row for.
        public long right() {
            return right;
        }

        public long equal() {
            return equal;
        }

        /// Only the left version has them.
        public long missing() {
            return missing;
        }

        /// Only the right version has them.
        public long extra() {
            return extra;
        }

        public long changed() {
            return changed;
        }

        /// Keys of windows that one of the two has not closed.
        public long open() {
            return open;
        }

        public long different() {
            return missing + extra + changed;
        }
    }

    /// @param differences told of every difference, in no order
    public Comparison(
            ResultReader reader,
            CompareRules rules,
            boolean closedOnly,
            Tally tally,
            Consumer<Difference> differences) {
        this.reader = reader;
        this.rules = rules;
        this.closedOnly = closedOnly;
        this.tally = tally;
        this.differences = differences;
    }

    /// Compares one partition; the tally adds up over all of them.
    public void compare(int partition, ResultView left, ResultView right) {
        long rows = Math.max(left.records(), right.records()) / rules.slices();
        int parts = (int) Math.max(1, (rows + ROWS_IN_MEMORY - 1) / ROWS_IN_MEMORY);
        int slices = parts * rules.slices();
        long closed = closedOnly ? Math.min(newestEnd(left), newestEnd(right)) : Long.MAX_VALUE;
        for (int part = 0; part < parts; part++) {
            int slice = part * rules.slices();
            compare(partition, newest(left, slice, slices), newest(right, slice, slices), closed);
        }
    }

    private void compare(int partition, Map<Bytes, ResultRow> left, Map<Bytes, ResultRow> right, long closed) {
        tally.left += left.size();
        tally.right += right.size();
        left.forEach((key, row) -> {
            ResultRow other = right.remove(key);
            if (isOpen(key, closed)) {
                tally.open++;
            } else if (other == null) {
                tally.missing++;
                differences.accept(new Difference(partition, key, row, null));
            } else if (RowColumns.equal(row, other, rules)) {
                tally.equal++;
            } else {
                tally.changed++;
                differences.accept(new Difference(partition, key, row, other));
            }
        });
        right.forEach((key, row) -> {
            if (isOpen(key, closed)) {
                tally.open++;
            } else {
                tally.extra++;
                differences.accept(new Difference(partition, key, null, row));
            }
        });
    }

    private static boolean isOpen(Bytes key, long closed) {
        return closed != Long.MAX_VALUE && RowColumns.windowEndMillis(key.get()).orElse(Long.MIN_VALUE) > closed;
    }

    /// The newest row of each key of a slice; deleted keys are not there.
    private Map<Bytes, ResultRow> newest(ResultView view, int slice, int slices) {
        Map<Bytes, ResultRow> rows = new LinkedHashMap<>();
        for (ResultView.Range range : view.ranges()) {
            reader.read(range.topic(), range.partition(), range.from(), range.to(), row -> {
                if (slices == 1 || slice(row.key(), slices) == slice) {
                    put(rows, row);
                }
            });
        }
        return rows;
    }

    /// Mixed anew, because the partition was chosen by the same hash.
    private static int slice(Bytes key, int slices) {
        return ((Utils.murmur2(key.get()) * GOLDEN_RATIO) >>> Byte.SIZE) % slices;
    }

    private static void put(Map<Bytes, ResultRow> rows, ResultRow row) {
        if (row.value() == null) {
            rows.remove(row.key());
        } else {
            rows.put(row.key(), row);
        }
    }

    /// The greatest end of a window; the end of time for rows without windows.
    private long newestEnd(ResultView view) {
        long[] newest = {Long.MIN_VALUE};
        boolean[] windowed = {true};
        for (ResultView.Range range : view.ranges()) {
            reader.read(range.topic(), range.partition(), range.from(), range.to(), row -> {
                OptionalLong end =
                        windowed[0] ? RowColumns.windowEndMillis(row.key().get()) : OptionalLong.empty();
                if (end.isPresent()) {
                    newest[0] = Math.max(newest[0], end.getAsLong());
                } else {
                    windowed[0] = false;
                }
            });
        }
        return windowed[0] ? newest[0] : Long.MAX_VALUE;
    }

    /// Whether somebody expected this.
    static boolean expected(CompareRules rules, byte[] key, @Nullable ResultRow left, @Nullable ResultRow right) {
        return rules.expect()
                .map(expect -> expect.covers(name -> {
                    JsonNode ofRight = RowColumns.column(key, right, name);
                    return right == null || ofRight.isMissingNode() ? RowColumns.column(key, left, name) : ofRight;
                }))
                .orElse(false);
    }
}
