package io.weir.tiered.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Ranges say of every offset what a set of offsets says.
class OffsetSpansTest {
    @Test
    void rangesAgreeWithASetOfOffsets() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            Set<Long> some = offsets(random);
            Set<Long> more = offsets(random);
            OffsetSpans spans = spans(some);

            assertThat(spans.count()).as("seed %d", seed).isEqualTo(some.size());
            for (long offset = -1; offset < 60; offset++) {
                assertThat(spans.contains(offset)).as("seed %d", seed).isEqualTo(some.contains(offset));
                long last = offset + random.nextInt(10);
                long first = offset;
                boolean touched = some.stream().anyMatch(each -> each >= first && each <= last);
                assertThat(spans.touches(first, last)).as("seed %d", seed).isEqualTo(touched);
                Set<Long> within = new TreeSet<>(some);
                within.removeIf(each -> each < first || each > last);
                assertThat(spans.within(first, last)).as("seed %d", seed).isEqualTo(spans(within));
            }
            Set<Long> both = new TreeSet<>(some);
            both.addAll(more);
            assertThat(spans.and(spans(more))).as("seed %d", seed).isEqualTo(spans(both));
        }
    }

    private static Set<Long> offsets(Random random) {
        Set<Long> offsets = new TreeSet<>();
        int count = random.nextInt(30);
        for (int i = 0; i < count; i++) {
            offsets.add((long) random.nextInt(50));
        }
        return offsets;
    }

    private static OffsetSpans spans(Set<Long> offsets) {
        return OffsetSpans.of(offsets.stream().mapToLong(Long::longValue).toArray());
    }

    @Test
    void rangesThatDoNotAscendAreRefused() {
        assertThatThrownBy(() -> OffsetSpans.ofBounds(new long[] {3, 2})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OffsetSpans.ofBounds(new long[] {3, 4, 4, 5}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OffsetSpans.ofBounds(new long[] {3})).isInstanceOf(IllegalArgumentException.class);
    }
}
