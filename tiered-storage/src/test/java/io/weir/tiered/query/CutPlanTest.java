package io.weir.tiered.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.CutPlan.FileRange;
import io.weir.tiered.query.gate.FunctionList;
import io.weir.tiered.query.gate.Gate;
import io.weir.tiered.query.gate.RowBounds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CutPlanTest {
    private static final TopicName ORDERS = TopicName.of("orders");

    private static ColdFile file(long first, long last) {
        return new ColdFile(
                Path.of("/archive/" + first + ".parquet"),
                Optional.empty(),
                1,
                "",
                first,
                last,
                last - first + 1,
                new ColdFile.Times(1_000 + first, 1_000 + last));
    }

    private static ColdSnapshot archived(long committed, ColdFile... files) {
        return new ColdSnapshot(Map.of(0, new ColdPartition(0, committed, List.of(files))));
    }

    private static AsOf asOf(Map<Integer, Long> from, Map<Integer, Long> to, Map<Integer, Long> cold) {
        return new AsOf(Map.of(ORDERS, new AsOf.Vector(from, to, cold)));
    }

    private static CutPlan plan(ColdSnapshot snapshot, long start, long stable, AsOf asOf) {
        return CutPlan.of(ORDERS, snapshot, Map.of(0, new OffsetRange(start, stable)), asOf);
    }

    @Test
    void coldIsReadBelowWhatIsArchivedAndHotFromThereToTheLastStableOffset() {
        CutPlan plan = plan(archived(1500, file(0, 999), file(1000, 1499)), 0, 1742, AsOf.now());

        assertThat(plan.cut().partitions().get(0)).isEqualTo(new TopicCut.PartitionCut(0, 1742, 1500));
        assertThat(plan.coldFiles(Half.ALL)).extracting(FileRange::whole).containsExactly(true, true);
        assertThat(plan.hotRanges(Half.ALL)).isEqualTo(Map.of(0, new OffsetRange(1500, 1742)));
        assertThat(plan.hotRanges(Half.COLD)).isEmpty();
        assertThat(plan.coldFiles(Half.HOT)).isEmpty();
    }

    private static RowBounds bounds(String condition) {
        return new Gate(FunctionList.shipped()).check("""
                {"statements":[{"named_param_map":[],"node":{"type":"SELECT_NODE","from_table":
                {"type":"BASE_TABLE","table_name":"orders","schema_name":"","catalog_name":""},
                "where_clause":""" + condition + "}}]}").bounds();
    }

    private static String comparison(String type, String left, String right) {
        return "{\"class\":\"COMPARISON\",\"type\":\"COMPARE_" + type + "\",\"left\":" + left + ",\"right\":" + right
                + "}";
    }

    private static String column(String name) {
        return "{\"class\":\"COLUMN_REF\",\"type\":\"COLUMN_REF\",\"column_names\":[\"" + name + "\"]}";
    }

    private static String constant(String kind, String text) {
        return "{\"class\":\"CONSTANT\",\"type\":\"VALUE_CONSTANT\",\"literal\":{\"kind\":\"" + kind + "\",\"text\":\""
                + text + "\"}}";
    }

    @Test
    void filesWithoutARowThatTheConditionAsksForAreLeftOut() {
        CutPlan plan = plan(archived(3000, file(0, 999), file(1000, 1999), file(2000, 2999)), 0, 3000, AsOf.now());
        String above = comparison("GREATERTHANOREQUALTO", column("_offset"), constant("INTEGER", "1500"));
        String below = comparison("GREATERTHAN", constant("INTEGER", "1900"), column("_OFFSET"));
        String late = comparison("GREATERTHAN", column("_timestamp"), constant("STRING", "1970-01-01 00:00:03.5"));
        String other = comparison("EQUAL", column("who"), constant("INTEGER", "1"));

        assertThat(left(plan, above)).containsExactly(1000L, 2000L);
        assertThat(left(plan, below)).containsExactly(0L, 1000L);
        assertThat(left(plan, late)).containsExactly(2000L);
        assertThat(left(plan, other)).containsExactly(0L, 1000L, 2000L);
        assertThat(left(plan, junction("AND", above, below, other))).containsExactly(1000L);
        assertThat(left(plan, junction("OR", above, below))).containsExactly(0L, 1000L, 2000L);
        assertThat(left(plan, comparison("EQUAL", column("_partition"), constant("INTEGER", "1"))))
                .isEmpty();
        assertThat(left(plan, comparison("NOTEQUAL", column("_offset"), constant("INTEGER", "1"))))
                .hasSize(3);
    }

    private static String junction(String kind, String... children) {
        return "{\"class\":\"CONJUNCTION\",\"type\":\"CONJUNCTION_" + kind + "\",\"children\":["
                + String.join(",", children) + "]}";
    }

    private static List<Long> left(CutPlan plan, String condition) {
        return plan.within(bounds(condition)).coldFiles(Half.ALL).stream()
                .map(range -> range.file().firstOffset())
                .toList();
    }

    @Test
    void withoutAnArchiveEverythingIsHot() {
        CutPlan plan = plan(new ColdSnapshot(Map.of()), 10, 50, AsOf.now());

        assertThat(plan.hotRanges(Half.ALL)).isEqualTo(Map.of(0, new OffsetRange(10, 50)));
        assertThat(plan.hotRanges(Half.HOT)).isEqualTo(Map.of(0, new OffsetRange(10, 50)));
        assertThat(plan.coldFiles(Half.COLD)).isEmpty();
    }

    @Test
    void eachOffsetOfOverlappingFilesCountsOnce() {
        CutPlan plan =
                plan(archived(200, file(50, 149), file(0, 99), file(60, 80), file(150, 199)), 0, 200, AsOf.now());

        List<FileRange> files = plan.coldFiles(Half.ALL);

        assertThat(files).extracting(range -> range.file().firstOffset()).containsExactly(0L, 50L, 150L);
        assertThat(files).extracting(FileRange::from).containsExactly(0L, 100L, 150L);
        assertThat(files).extracting(FileRange::whole).containsExactly(true, false, true);
    }

    @Test
    void rowsBelowTheStartOfTheLogAreHidden() {
        CutPlan plan = plan(archived(100, file(0, 99)), 40, 100, AsOf.now());

        assertThat(plan.coldFiles(Half.ALL)).singleElement().satisfies(range -> {
            assertThat(range.from()).isEqualTo(40);
            assertThat(range.whole()).isFalse();
        });
    }

    @Test
    void aCutSentBackKeepsItsRowsAndHalvesWhenMoreIsArchived() {
        CutPlan earlier = plan(archived(1500, file(0, 1499)), 0, 1742, AsOf.now());
        AsOf sentBack = asOf(Map.of(0, 0L), Map.of(0, 1742L), Map.of(0, 1500L));

        CutPlan later = plan(archived(2000, file(0, 1499), file(1500, 1999)), 0, 2500, sentBack);

        assertThat(later.cut()).isEqualTo(earlier.cut());
        assertThat(later.hotRanges(Half.ALL)).isEmpty();
        assertThat(later.coldFiles(Half.ALL)).extracting(FileRange::to).containsExactly(1742L, 1742L);
        assertThat(later.coldFiles(Half.COLD))
                .extracting(range -> range.file().lastOffset())
                .containsExactly(1499L);
        assertThat(later.coldFiles(Half.HOT))
                .singleElement()
                .satisfies(range -> assertThat(range.file().firstOffset()).isEqualTo(1500));
    }

    @Test
    void anOffsetAboveTheLastStableOneIsRefused() {
        assertThatThrownBy(() -> plan(archived(0), 0, 100, asOf(Map.of(), Map.of(0, 101L), Map.of())))
                .isInstanceOf(WeirException.class)
                .hasMessage("asOf: topic 'orders', partition 0: offset 101 is above the last stable offset 100.")
                .extracting("code")
                .isEqualTo("asof-above-stable");
    }

    @Test
    void anOffsetThatRetentionHasTakenIsGone() {
        assertThatThrownBy(() -> plan(archived(0), 50, 100, asOf(Map.of(0, 10L), Map.of(0, 100L), Map.of())))
                .isInstanceOf(WeirException.class)
                .extracting("code")
                .isEqualTo("offset-gone");
    }

    @Test
    void partitionsThatAreNotInTheVectorAreLeftOut() {
        CutPlan plan = CutPlan.of(
                ORDERS,
                new ColdSnapshot(Map.of()),
                Map.of(0, new OffsetRange(0, 10), 1, new OffsetRange(0, 10)),
                asOf(Map.of(), Map.of(1, 5L), Map.of()));

        assertThat(plan.hotRanges(Half.ALL)).isEqualTo(Map.of(1, new OffsetRange(0, 5)));
    }

    @Test
    void aPartitionThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> plan(archived(0), 0, 10, asOf(Map.of(), Map.of(7, 5L), Map.of())))
                .hasMessage("asOf: topic 'orders' has no partition 7.");
    }
}
