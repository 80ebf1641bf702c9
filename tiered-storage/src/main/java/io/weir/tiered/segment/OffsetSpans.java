package io.weir.tiered.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Offsets of one partition as ranges: sorted, apart from each other. Immutable, safe for use by any thread.
public final class OffsetSpans {
    public static final OffsetSpans NONE = new OffsetSpans(new long[0]);

    /// First and last offset of each range in turn.
    private final long[] bounds;

    private OffsetSpans(long[] bounds) {
        this.bounds = bounds;
    }

    /// @param offsets in any order, some perhaps twice
    public static OffsetSpans of(long[] offsets) {
        long[] sorted = offsets.clone();
        Arrays.sort(sorted);
        long[] bounds = new long[2 * sorted.length];
        int size = 0;
        for (long offset : sorted) {
            if (size > 0 && offset <= bounds[size - 1] + 1) {
                bounds[size - 1] = offset;
            } else {
                bounds[size++] = offset;
                bounds[size++] = offset;
            }
        }
        return new OffsetSpans(Arrays.copyOf(bounds, size));
    }

    /// @param bounds first and last offset of each range in turn, ascending
    /// @throws IllegalArgumentException they are not
    public static OffsetSpans ofBounds(long[] bounds) {
        for (int i = 0; i < bounds.length; i++) {
            boolean follows = i == 0 || (i % 2 == 0 ? bounds[i] > bounds[i - 1] : bounds[i] >= bounds[i - 1]);
            if (!follows || bounds.length % 2 != 0) {
                throw new IllegalArgumentException("Ranges of offsets must come in pairs and ascend.");
            }
        }
        return new OffsetSpans(bounds.clone());
    }

    /// The offsets of both.
    public OffsetSpans and(OffsetSpans other) {
        long[][] ranges = new long[ranges() + other.ranges()][];
        for (int i = 0; i < ranges.length; i++) {
            ranges[i] = i < ranges()
                    ? new long[] {first(i), last(i)}
                    : new long[] {other.first(i - ranges()), other.last(i - ranges())};
        }
        Arrays.sort(ranges, Comparator.comparingLong(range -> range[0]));
        long[] merged = new long[2 * ranges.length];
        int size = 0;
        for (long[] range : ranges) {
            if (size > 0 && range[0] <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], range[1]);
            } else {
                merged[size++] = range[0];
                merged[size++] = range[1];
            }
        }
        return new OffsetSpans(Arrays.copyOf(merged, size));
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public int ranges() {
        return bounds.length / 2;
    }

    public long first(int range) {
        return bounds[2 * range];
    }

    public long last(int range) {
        return bounds[2 * range + 1];
    }

    /// Offsets in all ranges.
    public long count() {
        long count = 0;
        for (int i = 0; i < ranges(); i++) {
            count += last(i) - first(i) + 1;
        }
        return count;
    }

    public boolean contains(long offset) {
        int range = reaching(offset);
        return range < ranges() && first(range) <= offset;
    }

    /// Whether any offset of `[first, last]` is in.
    public boolean touches(long first, long last) {
        int range = reaching(first);
        return range < ranges() && first(range) <= last;
    }

    /// The first range that ends at `offset` or later; `ranges()` when none does.
    private int reaching(long offset) {
        int low = 0;
        int high = ranges();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (last(middle) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The part of it in `[first, last]`.
    public OffsetSpans within(long first, long last) {
        List<Long> found = new ArrayList<>();
        for (int range = reaching(first); range < ranges() && first(range) <= last; range++) {
            found.add(Math.max(first, first(range)));
            found.add(Math.min(last, last(range)));
        }
        return new OffsetSpans(found.stream().mapToLong(Long::longValue).toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OffsetSpans spans && Arrays.equals(bounds, spans.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return Arrays.toString(bounds);
    }
}
