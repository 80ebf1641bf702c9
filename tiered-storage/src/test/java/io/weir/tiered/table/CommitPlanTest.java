package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.Origin;
import io.weir.tiered.segment.SegmentAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CommitPlanTest {
    private static final UUID TOPIC = new UUID(1, 1);

    private static ArchivedTopic.Segment segment(long from, long to, long... fileStarts) {
        List<DataFile> files = new ArrayList<>();
        for (int i = 0; i < fileStarts.length; i++) {
            long last = i + 1 < fileStarts.length ? fileStarts[i + 1] - 1 : to;
            files.add(new DataFile(from + "-" + i, 1, 0, "", 0, fileStarts[i], last, 1, 0, 0, List.of()));
        }
        return new ArchivedTopic.Segment(
                new SegmentAddress(TOPIC, 0, new UUID(from, to), from),
                from,
                to,
                1,
                1,
                new Origin("", "t", 1, to, 0, 1, 1, 1, 1, 0),
                files);
    }

    private static ArchivedTopic topic(long logStart, ArchivedTopic.Segment... segments) {
        long committed = segments.length == 0 ? logStart : segments[segments.length - 1].endOffset() + 1;
        return new ArchivedTopic(
                "t", TOPIC, Map.of(0, new ArchivedTopic.Partition(0, logStart, committed, List.of(segments))));
    }

    private static List<String> described(CommitPlan plan) {
        return plan.files().stream()
                .map(file -> file.file().path() + (file.isWhole() ? "" : " from " + file.fromOffset()))
                .toList();
    }

    private static OffsetVector at(long offset) {
        return OffsetVector.EMPTY.with(Map.of(0, offset));
    }

    @Test
    void aNewTableTakesEverything() {
        CommitPlan plan = CommitPlan.of(topic(0, segment(0, 9, 0), segment(10, 19, 12)), OffsetVector.EMPTY, 64);

        assertThat(described(plan)).containsExactly("0-0", "10-0");
        assertThat(plan.next()).isEqualTo(at(20));
        assertThat(plan.gapOffsets()).isZero();
        assertThat(plan.whole()).isTrue();
    }

    @Test
    void whatIsInIsSkipped() {
        CommitPlan plan = CommitPlan.of(topic(0, segment(0, 9, 0), segment(10, 19, 10)), at(10), 64);

        assertThat(described(plan)).containsExactly("10-0");
        assertThat(CommitPlan.of(topic(0, segment(0, 9, 0)), at(10), 64).isEmpty())
                .isTrue();
    }

    @Test
    void ofASegmentThatOverlapsOnlyTheUpperRowsCount() {
        CommitPlan plan = CommitPlan.of(topic(0, segment(0, 29, 0, 10, 20)), at(15), 64);

        assertThat(described(plan)).containsExactly("0-1 from 15", "0-2");
        assertThat(plan.next()).isEqualTo(at(30));
    }

    @Test
    void aSegmentWithoutRowsMovesTheVectorAlone() {
        CommitPlan plan = CommitPlan.of(topic(0, segment(0, 4)), OffsetVector.EMPTY, 64);

        assertThat(plan.files()).isEmpty();
        assertThat(plan.isEmpty()).isFalse();
        assertThat(plan.next()).isEqualTo(at(5));
    }

    @Test
    void whatTheLogDroppedUnarchivedIsCounted() {
        CommitPlan plan = CommitPlan.of(topic(25, segment(20, 29, 20)), at(10), 64);

        assertThat(plan.gapOffsets()).isEqualTo(10);
        assertThat(described(plan)).containsExactly("20-0");
        assertThat(CommitPlan.of(topic(25, segment(20, 29, 20)), OffsetVector.EMPTY, 64)
                        .gapOffsets())
                .isZero();
    }

    @Test
    void aCommitTakesNoMoreSegmentsThanItMay() {
        ArchivedTopic topic = topic(0, segment(0, 9, 0), segment(10, 19, 10), segment(20, 29, 20));

        CommitPlan first = CommitPlan.of(topic, OffsetVector.EMPTY, 2);
        CommitPlan second = CommitPlan.of(topic, first.next(), 2);

        assertThat(described(first)).containsExactly("0-0", "10-0");
        assertThat(first.whole()).isFalse();
        assertThat(described(second)).containsExactly("20-0");
        assertThat(second.whole()).isTrue();
    }
}
