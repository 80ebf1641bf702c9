package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.StoreBackoffTest.MovingClock;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The janitor takes what nothing points to, late, and nothing else ever.
class JanitorTest {
    private static final String CLUSTER = "cluster";
    private static final UUID TOPIC = new UUID(1, 2);
    private static final ArchiveLayout LAYOUT = new ArchiveLayout(CLUSTER, "lake");

    @TempDir
    Path folder;

    private final MovingClock clock = new MovingClock();
    private final MemoryObjectStore store = new MemoryObjectStore(clock);
    private final List<KnownSegment> known = new ArrayList<>();
    private final Map<UUID, Set<String>> listed = new HashMap<>();
    private final Set<String> live = new HashSet<>();
    private final Set<String> tableFolders = new HashSet<>();
    private String clusterId = CLUSTER;
    private boolean readToTheEnd = true;
    private boolean tablesKnown = true;
    private Janitor janitor;

    @BeforeEach
    void makeJanitor() {
        Janitor.Source source = new Janitor.Source() {
            @Override
            public String clusterId() {
                return clusterId;
            }

            @Override
            public List<KnownSegment> known() {
                if (!readToTheEnd) {
                    throw new ArchiveUnavailableException("could not be read to its end", null);
                }
                return List.copyOf(known);
            }

            @Override
            public Set<String> listed(SegmentAddress segment) {
                return listed.getOrDefault(segment.segment(), Set.of());
            }
        };
        LiveDataFiles tables = new LiveDataFiles() {
            @Override
            public Optional<Set<String>> paths() {
                return tablesKnown ? Optional.of(Set.copyOf(live)) : Optional.empty();
            }

            @Override
            public Optional<Set<String>> folders() {
                return tablesKnown ? Optional.of(Set.copyOf(tableFolders)) : Optional.empty();
            }
        };
        janitor = new Janitor(store, LAYOUT, source, tables, JanitorSettings.DEFAULT, clock);
    }

    /// The objects of a segment, and what the broker knows of it.
    private SegmentAddress segment(int number, KnownSegment.State state) throws IOException {
        SegmentAddress address = new SegmentAddress(TOPIC, 0, new UUID(7, number), number * 100L);
        put(LAYOUT.sidecar(address));
        put(LAYOUT.listed(LAYOUT.dataFile("orders", address, 0)));
        listed.put(address.segment(), Set.of(LAYOUT.dataFile("orders", address, 0)));
        if (state != null) {
            known.add(new KnownSegment("orders", address, number * 100L + 99, state, Optional.empty()));
        }
        return address;
    }

    private void put(String path) throws IOException {
        store.put(path, Files.writeString(folder.resolve("local"), path));
    }

    private Set<String> objects() {
        Set<String> paths = new HashSet<>(store.objects.keySet());
        paths.remove(CLUSTER + "/janitor.txt");
        return paths;
    }

    private static Set<String> of(SegmentAddress address) {
        return Set.of(LAYOUT.sidecar(address), LAYOUT.listed(LAYOUT.dataFile("orders", address, 0)));
    }

    private JanitorReport passAfter(Duration time) {
        clock.now = clock.now.plus(time);
        return janitor.pass();
    }

    @Test
    void metadataOfATableThatIsGoneGoesAndThatOfOthersStays() throws IOException {
        // Given
        String there = CLUSTER + "/lake/lake/orders-00000001/metadata/v1.metadata.json";
        String gone = CLUSTER + "/lake/lake/orders-00000002/metadata/v1.metadata.json";
        put(there);
        put(gone);
        tableFolders.add("lake/lake/orders-00000001");
        assertThat(janitor.pass().orphans()).isEmpty();

        // When nobody can tell, nothing goes
        tablesKnown = false;
        assertThat(passAfter(Duration.ofDays(8)).orphans()).isEmpty();
        tablesKnown = true;
        passAfter(Duration.ofHours(2));
        passAfter(Duration.ofHours(2));

        // Then
        assertThat(objects()).containsExactly(there);
    }

    @Test
    void aCopyThatNeverFinishedGoesAfterItsDayTheDryRunAndASecondPass() throws IOException {
        // Given
        SegmentAddress finished = segment(1, KnownSegment.State.FINISHED);
        SegmentAddress never = segment(2, KnownSegment.State.STARTED);

        // Then: young
        assertThat(janitor.pass().orphans()).isEmpty();
        // old enough, seen first
        JanitorReport seen = passAfter(Duration.ofHours(25));
        assertThat(seen.orphans()).extracting(Orphan::path).containsExactlyInAnyOrderElementsOf(of(never));
        assertThat(seen.orphans())
                .allSatisfy(orphan -> assertThat(orphan.reason()).contains("never finished"));
        // seen twice, in the dry run
        assertThat(passAfter(Duration.ofHours(2)).deleted()).isEmpty();
        assertThat(objects()).hasSize(4);
        // after it
        JanitorReport last = passAfter(Duration.ofDays(7));
        assertThat(last.deleted()).containsExactlyInAnyOrderElementsOf(of(never));
        assertThat(last.orphans()).isEmpty();
        assertThat(objects()).isEqualTo(of(finished));
    }

    @Test
    void aFileThatSegmentsShareStaysAsLongAsASidecarOrATableListsIt() throws IOException {
        // Given: made by a compaction that has not come to the table
        SegmentAddress first = segment(1, KnownSegment.State.FINISHED);
        SegmentAddress second = segment(2, KnownSegment.State.FINISHED);
        String shared = LAYOUT.joinedFile("orders", TOPIC, 0, 100, 299, new UUID(9, 9));
        put(LAYOUT.listed(shared));
        listed.put(second.segment(), Set.of(shared));
        live.add(LAYOUT.dataFile("orders", second, 0));

        // Then
        janitor.pass();
        assertThat(passAfter(Duration.ofDays(8)).orphans()).isEmpty();
        // in the table, and no more in a sidecar
        listed.put(second.segment(), Set.of());
        live.add(shared);
        assertThat(passAfter(Duration.ofDays(1)).orphans()).isEmpty();
        // in neither
        live.remove(shared);
        assertThat(passAfter(Duration.ofDays(1)).orphans())
                .extracting(Orphan::path)
                .containsExactly(LAYOUT.listed(shared));
        assertThat(passAfter(Duration.ofHours(2)).deleted()).containsExactly(LAYOUT.listed(shared));
        assertThat(objects()).containsAll(of(first)).containsAll(of(second));
    }

    @Test
    void nothingGoesInThePassThatSeesItFirst() throws IOException {
        janitor.pass();
        SegmentAddress forgotten = segment(1, null);

        assertThat(passAfter(Duration.ofDays(30)).deleted()).isEmpty();
        assertThat(passAfter(Duration.ofMinutes(59)).deleted()).isEmpty();
        assertThat(passAfter(Duration.ofMinutes(2)).deleted()).containsExactlyInAnyOrderElementsOf(of(forgotten));
    }

    @Test
    void anOrphanThatIsWantedAgainStays() throws IOException {
        janitor.pass();
        SegmentAddress late = segment(1, null);
        assertThat(passAfter(Duration.ofDays(30)).orphans()).hasSize(2);

        known.add(new KnownSegment("orders", late, 199, KnownSegment.State.FINISHED, Optional.empty()));

        assertThat(passAfter(Duration.ofDays(1)).orphans()).isEmpty();
        assertThat(objects()).isEqualTo(of(late));
    }

    @Test
    void whatTheBrokerIsDeletingIsTheBrokers() throws IOException {
        janitor.pass();
        SegmentAddress deleting = segment(1, KnownSegment.State.DELETING);

        passAfter(Duration.ofDays(30));

        assertThat(passAfter(Duration.ofDays(1)).deleted()).isEmpty();
        assertThat(objects()).isEqualTo(of(deleting));
    }

    @Test
    void aDataFileGoesOnlyWhenNeitherSidecarNorTableNamesIt() throws IOException {
        // Given
        janitor.pass();
        SegmentAddress finished = segment(1, KnownSegment.State.FINISHED);
        String unlisted = LAYOUT.dataFile("orders", finished, 7);
        String inTable = LAYOUT.dataFile("orders", finished, 8);
        String compacted = "lake/lake/orders-00000000/data/p0/compacted-by-somebody.parquet";
        String rewritten = "lake/lake/orders-00000000/data/p0/rewritten-long-ago.parquet";
        for (String path : List.of(unlisted, inTable, compacted, rewritten)) {
            put(LAYOUT.listed(path));
        }
        live.addAll(List.of(inTable, compacted));

        // When tables cannot be asked, then none of them is judged
        tablesKnown = false;
        assertThat(passAfter(Duration.ofDays(30)).orphans()).isEmpty();
        // When they can
        tablesKnown = true;
        passAfter(Duration.ofHours(2));
        passAfter(Duration.ofHours(2));

        // Then
        Set<String> left = new HashSet<>(of(finished));
        left.add(LAYOUT.listed(compacted));
        left.add(LAYOUT.listed(inTable));
        assertThat(objects()).isEqualTo(left);
    }

    @Test
    void filesOfTablesAndShapesAreNotItsBusiness() throws IOException {
        janitor.pass();
        put("cluster/lake/lake/orders-00000000/metadata/v1.metadata.json");
        tableFolders.add("lake/lake/orders-00000000");
        put("cluster/log/" + TOPIC + "/shapes/1-abc.shapes");
        put("other-cluster/log/" + TOPIC + "/p0/" + new UUID(9, 9) + ".sidecar");
        tablesKnown = true;

        passAfter(Duration.ofDays(30));
        passAfter(Duration.ofDays(30));

        assertThat(objects()).hasSize(3);
    }

    @Test
    void uploadsThatNeverEndedGo() throws IOException {
        janitor.pass();
        put("cluster/log/" + TOPIC + "/p0/." + new UUID(9, 9) + ".sidecar.part");

        passAfter(Duration.ofDays(30));
        passAfter(Duration.ofDays(30));

        assertThat(objects()).isEmpty();
    }

    @Test
    void itJudgesNothingByHalfAMetadataTopicOrByAnotherClusters() throws IOException {
        janitor.pass();
        SegmentAddress forgotten = segment(1, null);
        clock.now = clock.now.plus(Duration.ofDays(30));

        readToTheEnd = false;
        assertThat(janitor.pass().refused())
                .hasValueSatisfying(why -> assertThat(why).contains("to its end"));
        readToTheEnd = true;
        clusterId = "another";
        assertThat(janitor.pass().refused())
                .hasValueSatisfying(why -> assertThat(why).contains("'cluster'").contains("'another'"));
        assertThat(passAfter(Duration.ofDays(1)).refused()).isPresent();
        assertThat(objects()).isEqualTo(of(forgotten));
    }

    @Test
    void aMetadataTopicThatWasLostDoesNotEmptyTheArchive() throws IOException {
        janitor.pass();
        for (int number = 0; number < 40; number++) {
            segment(number, null);
        }

        JanitorReport first = passAfter(Duration.ofDays(30));
        JanitorReport second = passAfter(Duration.ofDays(30));

        assertThat(List.of(first, second))
                .allSatisfy(report -> assertThat(report.refused())
                        .hasValueSatisfying(
                                why -> assertThat(why).contains("40 of 40").contains("__remote_log_metadata")));
        assertThat(objects()).hasSize(80);
    }

    @Test
    void theDryRunCountsFromTheFirstPassOverTheArchiveNotFromTheStart() throws IOException {
        Instant first = clock.now;
        assertThat(janitor.pass().deletesFrom()).isEqualTo(first.plus(Duration.ofDays(7)));
        clock.now = clock.now.plus(Duration.ofDays(3));

        makeJanitor();

        assertThat(janitor.pass().deletesFrom()).isEqualTo(first.plus(Duration.ofDays(7)));
    }
}
