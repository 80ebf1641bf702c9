package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.OffsetSpans;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.shape.CountingLakeSchema;
import io.weir.tiered.store.MemoryObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteStorageManager.IndexType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was asked to go is gone, and nothing else changed: random records of random segments. A failure
/// prints its
/// seed.
class SegmentEraserTest {
    private static final String CLUSTER = "erases";
    private static final Map<String, String> SETTINGS = Map.of(
            ArchiveSettings.CLUSTER_ID,
            CLUSTER,
            ArchiveSettings.SHAPE_ENABLED,
            "true",
            ArchiveSettings.SHAPE_LIMIT_COLUMNS,
            "60");
    private static final UUID REQUEST = new UUID(0x1234567800000000L, 1);

    @TempDir
    Path folder;

    private final CountingLakeSchema schema = new CountingLakeSchema();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final ArchiveLayout layout = new ArchiveLayout(CLUSTER, "lake");
    private SegmentRewrites rewrites;

    @BeforeEach
    void offerColumns() {
        LakeSchemas.offer(CLUSTER, schema);
        rewrites = new SegmentRewrites(
                store, layout, folder.resolve("rewrites"), new MemoryRewriteCounts(), RewriteLeases.ALONE);
    }

    @AfterEach
    void withdraw() {
        LakeSchemas.withdraw(CLUSTER, schema);
    }

    @Test
    void erasedRecordsAreGoneAndAllOthersAreAsTheyWere() throws Exception {
        int emptied = 0;
        int thinned = 0;
        for (int seed = 0; seed < 200; seed++) {
            if (seed % 10 == 0) {
                schema.forget();
            }
            Set<Short> seen = erase(seed);
            emptied += seen.contains(BatchEntry.ERASED_ALL) ? 1 : 0;
            thinned += seen.contains(BatchEntry.ERASED_SOME) ? 1 : 0;
        }
        assertThat(emptied).isGreaterThan(20);
        assertThat(thinned).isGreaterThan(20);
    }

    /// @return which flags the batches have got
    private Set<Short> erase(int seed) throws Exception {
        // Given
        Random random = new Random(seed);
        RandomSegment segment = new RandomSegment(seed);
        RemoteLogSegmentMetadata metadata;
        List<RecordBatch> before;
        List<byte[]> indexes;
        try (ArchiveFixture fixture = new ArchiveFixture(store, folder.resolve("staging"), SETTINGS)) {
            metadata = fixture.copy(segment, Files.createDirectory(folder.resolve("seed-" + seed)));
            before = fixture.fetch(metadata, 0);
            indexes = indexes(fixture, metadata);
        }
        SegmentAddress address = ArchiveLayout.address(metadata);
        Sidecar former = rewrites.sidecar(address);
        Set<Long> wanted = new TreeSet<>();
        for (int ordinal = 0; ordinal < before.size(); ordinal++) {
            BatchEntry entry = former.batch(ordinal);
            if (entry.has(BatchEntry.CONTROL) || entry.has(BatchEntry.UNREADABLE)) {
                continue;
            }
            boolean all = random.nextInt(4) == 0;
            for (Record record : before.get(ordinal)) {
                if (all || random.nextInt(5) == 0) {
                    wanted.add(record.offset());
                }
            }
        }
        // offsets of other segments, and gaps, are asked for as well
        long[] offsets = new long[wanted.size() + 1];
        int next = 0;
        for (long offset : wanted) {
            offsets[next++] = offset;
        }
        offsets[next] = metadata.endOffset() + 1000;
        OffsetSpans spans = OffsetSpans.of(offsets);

        // When
        SegmentEraser eraser = rewrites.eraser(REQUEST, 5);
        eraser.erase(address, spans);
        SegmentEraser again = rewrites.eraser(REQUEST, 6);
        again.erase(address, spans);

        // Then
        String where = "seed " + seed;
        assertThat(eraser.records()).as(where).isEqualTo(wanted.size());
        assertThat(again.records()).as(where).isEqualTo(wanted.size());
        Sidecar after = rewrites.sidecar(address);
        assertThat(after.generation()).as(where).isEqualTo(wanted.isEmpty() ? 0 : 1);
        for (String replaced : eraser.replacedFiles()) {
            assertThat(after.files()).as(where).noneMatch(file -> file.path().equals(replaced));
            store.delete(layout.listed(replaced));
        }
        try (ArchiveFixture fresh = new ArchiveFixture(store, folder.resolve("fresh"), SETTINGS)) {
            List<RecordBatch> served = fresh.fetch(metadata, 0);
            assertThat(served).as(where).hasSameSizeAs(before);
            for (int i = 0; i < served.size(); i++) {
                assertThinned(before.get(i), served.get(i), wanted, where + ", batch " + i);
            }
            List<byte[]> now = indexes(fresh, metadata);
            for (int i = 0; i < indexes.size(); i++) {
                assertThat(now.get(i)).as(where).isEqualTo(indexes.get(i));
            }
        }
        assertVerified(metadata, where);
        return flags(after);
    }

    private static Set<Short> flags(Sidecar sidecar) throws Exception {
        Set<Short> flags = new TreeSet<>();
        for (int ordinal = 0; ordinal < sidecar.batchCount(); ordinal++) {
            for (short flag : new short[] {BatchEntry.ERASED_ALL, BatchEntry.ERASED_SOME}) {
                if (sidecar.batch(ordinal).has(flag)) {
                    flags.add(flag);
                }
            }
        }
        return flags;
    }

    private static List<byte[]> indexes(ArchiveFixture fixture, RemoteLogSegmentMetadata metadata) throws Exception {
        List<byte[]> indexes = new ArrayList<>();
        for (IndexType type : List.of(IndexType.OFFSET, IndexType.TIMESTAMP, IndexType.PRODUCER_SNAPSHOT)) {
            indexes.add(fixture.plugin.fetchIndex(metadata, type).readAllBytes());
        }
        return indexes;
    }

    private static void assertThinned(RecordBatch before, RecordBatch served, Set<Long> wanted, String where) {
        List<Record> expected = new ArrayList<>();
        boolean touched = false;
        if (before.magic() == 2 && before.isValid()) {
            for (Record record : before) {
                boolean gone = wanted.contains(record.offset());
                touched |= gone;
                if (!gone) {
                    expected.add(record);
                }
            }
        }
        if (!touched) {
            SegmentRoundTripTest.assertSame(before, served, where);
            return;
        }
        assertThat(served.isValid()).as(where).isTrue();
        assertThat(served.baseOffset()).as(where).isEqualTo(before.baseOffset());
        assertThat(served.lastOffset()).as(where).isEqualTo(before.lastOffset());
        assertThat(served.partitionLeaderEpoch()).as(where).isEqualTo(before.partitionLeaderEpoch());
        assertThat(served.producerId()).as(where).isEqualTo(before.producerId());
        assertThat(served.producerEpoch()).as(where).isEqualTo(before.producerEpoch());
        assertThat(served.baseSequence()).as(where).isEqualTo(before.baseSequence());
        assertThat(served.isTransactional()).as(where).isEqualTo(before.isTransactional());
        assertThat(served.timestampType()).as(where).isEqualTo(before.timestampType());
        assertThat(served.countOrNull()).as(where).isEqualTo(expected.size());
        List<Record> actual = new ArrayList<>();
        served.forEach(actual::add);
        assertThat(actual).as(where).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).offset())
                    .as(where)
                    .isEqualTo(expected.get(i).offset());
            assertThat(actual.get(i).timestamp())
                    .as(where)
                    .isEqualTo(expected.get(i).timestamp());
            assertThat(actual.get(i).key()).as(where).isEqualTo(expected.get(i).key());
            assertThat(actual.get(i).value())
                    .as(where)
                    .isEqualTo(expected.get(i).value());
            assertThat(actual.get(i).headers())
                    .as(where)
                    .isEqualTo(expected.get(i).headers());
        }
    }

    private void assertVerified(RemoteLogSegmentMetadata metadata, String where) {
        SegmentVerifier verifier =
                new SegmentVerifier(store, layout, (a, b, c, d) -> java.util.Optional.empty(), VerifyLevel.ROWS);
        try {
            verifier.verify(new KnownSegment(
                    "fuzz",
                    ArchiveLayout.address(metadata),
                    metadata.endOffset(),
                    KnownSegment.State.FINISHED,
                    CustomMetadata.read(metadata)));
        } catch (Exception e) {
            throw new AssertionError(where, e);
        }
        assertThat(verifier.findings().stream().map(Finding::problem).collect(Collectors.toList()))
                .as(where)
                .isEmpty();
    }
}
