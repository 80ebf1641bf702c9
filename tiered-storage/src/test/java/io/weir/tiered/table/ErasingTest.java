package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.EraseRequest.State;
import io.weir.tiered.archive.LakeRetention;
import io.weir.tiered.archive.RewriteCounts;
import io.weir.tiered.archive.RewriteLeases;
import io.weir.tiered.archive.SegmentRewrites;
import io.weir.tiered.segment.OffsetSpans;
import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A request goes its way step by step, also over rows that only the table has.
class ErasingTest {
    private static final UUID REQUEST = new UUID(0xABCDEF0100000000L, 2);
    private static final Instant ASKED = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final Map<UUID, EraseRequest> requests = new TreeMap<>();
    private LakeFixture lake;
    private SegmentRewrites rewrites;
    private UUID topic;

    @BeforeEach
    void aTableOfKeptRows() throws Exception {
        lake = new LakeFixture(store, URI.create("s3a://bucket"), folder);
        topic = lake.create("orders");
        lake.retentions.put(topic, LakeRetention.KEEP);
        lake.segment("orders", 0, 0, 10);
        lake.segment("orders", 0, 10, 20);
        lake.pass();
        lake.logStart("orders", 0, 20);
        lake.expire("orders", 0, 0);
        lake.expire("orders", 0, 10);
        lake.pass();
        RewriteCounts counts = new RewriteCounts() {
            @Override
            public long of(UUID topicId) {
                return 0;
            }

            @Override
            public void increment(UUID topicId) {}
        };
        rewrites = new SegmentRewrites(
                store, new ArchiveLayout("cluster-1", "lake"), folder.resolve("rewrites"), counts, RewriteLeases.ALONE);
    }

    private void pass(Instant now) {
        erasing(now).pass(() -> true);
    }

    private Erasing erasing(Instant now) {
        EraseRequest.Memory memory = new EraseRequest.Memory() {
            @Override
            public Map<UUID, EraseRequest> all() {
                return Map.copyOf(requests);
            }

            @Override
            public void put(EraseRequest request) {
                requests.put(request.id(), request);
            }
        };
        return new Erasing(
                lake.open(),
                lake,
                rewrites,
                memory,
                lake::uuid,
                lake.metrics,
                Duration.ofSeconds(12),
                Clock.fixed(now, ZoneOffset.UTC));
    }

    private State state() {
        return requests.get(REQUEST).state();
    }

    private void ask(Map<Integer, OffsetSpans> spans) throws Exception {
        rewrites.remember(REQUEST, spans);
        requests.put(
                REQUEST,
                new EraseRequest(
                        REQUEST,
                        "orders",
                        topic,
                        "key",
                        "",
                        State.REWRITING,
                        ASKED,
                        ASKED,
                        1,
                        0,
                        0,
                        0,
                        0,
                        Optional.empty()));
    }

    @Test
    void rowsThatOnlyTheTableHasAreFoundByKeyAndGoWithEveryObject() throws Exception {
        // Given
        List<String> before = TableRows.files(lake.tables, topic);
        Map<Integer, OffsetSpans> spans = new KeyRows(lake.open()).of(topic, "key-13");
        assertThat(spans).isEqualTo(Map.of(0, OffsetSpans.of(new long[] {13})));
        ask(spans);

        // When, then
        pass(ASKED.plusSeconds(1));
        assertThat(state()).isEqualTo(State.HIDING);
        List<Row> left = new ArrayList<>(LakeFixture.rows(0, 0, 13, "a"));
        left.addAll(LakeFixture.rows(0, 14, 20, "a"));
        assertThat(TableRows.of(lake.tables, topic)).isEqualTo(left);

        pass(ASKED.plusSeconds(5));
        assertThat(state()).isEqualTo(State.HIDING);
        pass(ASKED.plusSeconds(20));
        assertThat(state()).isEqualTo(State.HIDDEN);
        assertThat(lake.metrics.erasePending()).isEqualTo(1);
        pass(ASKED.plusSeconds(21));
        assertThat(state()).isEqualTo(State.PURGED);
        pass(ASKED.plusSeconds(22));
        assertThat(lake.metrics.erasePending()).isZero();
        assertThat(TableRows.of(lake.tables, topic)).isEqualTo(left);
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(1);
        assertThat(store.objects.keySet())
                .noneMatch(path -> path.equals(before.get(1).replace("s3a://bucket/", "")));
    }

    @Test
    void aConditionIsAskedOfFilesThatOnlyTheTableHas() throws Exception {
        // Given: the log has dropped every row
        assertThat(lake.listed(topic)).isEmpty();

        // Then
        assertThat(new TableFiles(lake.open()).present(topic).keySet())
                .hasSize(TableRows.files(lake.tables, topic).size())
                .isNotEmpty()
                .allSatisfy(path -> assertThat(store.objects).containsKey("cluster-1/" + path));
    }

    @Test
    void aTopicThatIsGoneTookItsRecordsWithIt() throws Exception {
        ask(Map.of(0, OffsetSpans.of(new long[] {13})));
        lake.delete("orders");
        Erasing erasing = erasing(ASKED.plusSeconds(1));

        erasing.pass(() -> true);
        assertThat(state()).isEqualTo(State.REWRITING);
        erasing.pass(() -> true);

        assertThat(state()).isEqualTo(State.PURGED);
    }

    @Test
    void aRequestThatFailsSaysWhyAndIsTriedAgain() throws Exception {
        ask(Map.of(0, OffsetSpans.of(new long[] {13})));
        store.delete("cluster-1/erase/" + REQUEST + ".offsets");

        pass(ASKED.plusSeconds(1));

        assertThat(state()).isEqualTo(State.REWRITING);
        assertThat(requests.get(REQUEST).problem().orElseThrow()).contains(REQUEST.toString());
        rewrites.remember(REQUEST, Map.of(0, OffsetSpans.of(new long[] {13})));
        pass(ASKED.plusSeconds(2));
        assertThat(state()).isEqualTo(State.HIDING);
        assertThat(requests.get(REQUEST).problem()).isEmpty();
    }
}
