package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.shape.CountingLakeSchema;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which file a segment's rows lie in changes nothing of what is served.
class SegmentRewritesTest {
    private static final String CLUSTER = "rewrites";
    private static final Map<String, String> SETTINGS = Map.of(
            ArchiveSettings.CLUSTER_ID,
            CLUSTER,
            ArchiveSettings.SHAPE_ENABLED,
            "true",
            ArchiveSettings.SHAPE_LIMIT_COLUMNS,
            "60");

    @TempDir
    Path folder;

    private final CountingLakeSchema schema = new CountingLakeSchema();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final ArchiveLayout layout = new ArchiveLayout(CLUSTER, "lake");
    private SegmentRewrites rewrites;

    /// A segment in the store, and what it was served as.
    private record Copied(RemoteLogSegmentMetadata metadata, List<DataFile> files, List<RecordBatch> served) {
        SegmentAddress address() {
            return ArchiveLayout.address(metadata);
        }
    }

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

    private List<Copied> copied(int count) throws Exception {
        List<Copied> copied = new ArrayList<>();
        try (ArchiveFixture fixture = new ArchiveFixture(store, folder.resolve("staging"), SETTINGS)) {
            for (int seed = 0; seed < count; seed++) {
                if (seed % 10 == 0) {
                    schema.forget();
                }
                RandomSegment segment = new RandomSegment(seed);
                RemoteLogSegmentMetadata metadata =
                        fixture.copy(segment, Files.createDirectory(folder.resolve("seed-" + seed)));
                copied.add(new Copied(
                        metadata,
                        rewrites.sidecar(ArchiveLayout.address(metadata)).files(),
                        fixture.fetch(metadata, 0)));
            }
        }
        copied.removeIf(segment -> segment.files().isEmpty());
        return copied;
    }

    /// By a plugin that has never seen them.
    private void assertServedAsBefore(List<Copied> segments) throws Exception {
        try (ArchiveFixture fresh = new ArchiveFixture(store, folder.resolve("fresh"), SETTINGS)) {
            for (Copied segment : segments) {
                List<RecordBatch> served = fresh.fetch(segment.metadata(), 0);
                assertThat(served).hasSameSizeAs(segment.served());
                for (int i = 0; i < served.size(); i++) {
                    SegmentRoundTripTest.assertSame(
                            segment.served().get(i),
                            served.get(i),
                            segment.address().describe() + " batch " + i);
                }
            }
        }
    }

    @Test
    void segmentsThatShareAFileAreServedAsBefore() throws Exception {
        // Given: segments of other offsets and other columns
        List<Copied> segments = copied(100);
        segments.sort(Comparator.comparing(segment -> segment.files().getFirst().firstOffset()));
        List<Copied> apart = new ArrayList<>();
        long next = 0;
        for (Copied segment : segments) {
            if (segment.files().getFirst().firstOffset() >= next) {
                apart.add(segment);
                next = segment.metadata().endOffset() + 1;
            }
        }
        assertThat(apart).hasSizeGreaterThan(30);

        // When
        int joined = 0;
        int from = 0;
        while (from < apart.size()) {
            List<DataFile> alike = rewrites.alike(apart.subList(from, apart.size()).stream()
                    .map(segment -> segment.files().getFirst())
                    .toList());
            String path = "lake/lake/fuzz/data/p3/joined-" + from + ".parquet";
            DataFile one = rewrites.join(alike, path);
            Map<String, DataFile> replaced = new HashMap<>();
            alike.forEach(file -> replaced.put(file.path(), one));
            for (Copied segment : apart.subList(from, from + alike.size())) {
                assertThat(rewrites.relist(segment.address(), replaced)).isTrue();
                assertThat(rewrites.relist(segment.address(), replaced)).isFalse();
            }
            for (DataFile file : alike) {
                store.delete(layout.listed(file.path()));
            }
            joined = Math.max(joined, alike.size());
            from += alike.size();
        }

        // Then
        assertThat(joined).isGreaterThan(1);
        assertServedAsBefore(apart);
    }

    /// What happens in the middle of a put of a sidecar.
    private static final class MeanwhileStore extends MemoryObjectStore {
        private Meanwhile meanwhile = () -> {};

        @FunctionalInterface
        interface Meanwhile {
            void run() throws IOException;
        }

        @Override
        public void put(String path, Path localFile) throws IOException {
            if (path.endsWith(".sidecar")) {
                Meanwhile now = meanwhile;
                meanwhile = () -> {};
                now.run();
            }
            super.put(path, localFile);
        }
    }

    @Test
    void ofTwoCommittersForOnePutOneReplacesTheSidecar() throws Exception {
        // Given: two processes that share the memory of leases
        MeanwhileStore shared = new MeanwhileStore();
        UUID first = new UUID(0, 1);
        AtomicReference<UUID> holder = new AtomicReference<>();
        SegmentRewrites one = rewriting(shared, first, holder);
        SegmentRewrites other = rewriting(shared, new UUID(0, 2), holder);
        RemoteLogSegmentMetadata metadata;
        try (ArchiveFixture fixture = new ArchiveFixture(shared, folder.resolve("staging"), SETTINGS)) {
            metadata = fixture.copy(new RandomSegment(1), Files.createDirectory(folder.resolve("local")));
        }
        SegmentAddress segment = ArchiveLayout.address(metadata);
        DataFile file = one.sidecar(segment).files().getFirst();
        DataFile mine = one.join(List.of(file), "lake/lake/fuzz/data/p3/mine.parquet");
        DataFile theirs = other.join(List.of(file), "lake/lake/fuzz/data/p3/theirs.parquet");

        // When: the other wants to replace what the first is just replacing
        shared.meanwhile = () -> assertThatThrownBy(() -> other.relist(segment, Map.of(file.path(), theirs)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another node");
        assertThat(one.relist(segment, Map.of(file.path(), mine))).isTrue();

        // Then: nothing of the first is undone, and later the other has its turn on what is there now
        assertThat(other.sidecar(segment).files()).containsExactly(mine);
        assertThat(other.sidecar(segment).generation()).isEqualTo(1);
        holder.set(null);
        assertThat(other.relist(segment, Map.of(mine.path(), theirs))).isTrue();
        assertThat(one.sidecar(segment).generation()).isEqualTo(2);
    }

    private SegmentRewrites rewriting(MemoryObjectStore shared, UUID who, AtomicReference<UUID> holder) {
        return new SegmentRewrites(
                shared,
                layout,
                folder.resolve(who.toString()),
                new MemoryRewriteCounts(),
                topicId -> holder.compareAndSet(null, who) || who.equals(holder.get()));
    }

    @Test
    void aReaderThatKnowsTheFormerFileFindsTheNewOne() throws Exception {
        // Given: a plugin that has read the segment
        Copied segment = copied(20).getLast();
        try (ArchiveFixture fixture = new ArchiveFixture(
                store,
                folder.resolve("other"),
                Map.of(ArchiveSettings.CLUSTER_ID, CLUSTER, ArchiveSettings.CACHE_BYTES, "0"))) {
            assertThat(fixture.fetch(segment.metadata(), 0)).hasSameSizeAs(segment.served());

            // When
            DataFile file = segment.files().getFirst();
            DataFile one = rewrites.join(List.of(file), "lake/lake/fuzz/data/p3/" + new UUID(1, 2) + ".parquet");
            rewrites.relist(segment.address(), Map.of(file.path(), one));
            store.delete(layout.listed(file.path()));

            // Then: at most one fetch fails, as a broker's would, and is made again
            List<RecordBatch> served;
            try {
                served = fixture.fetch(segment.metadata(), 0);
            } catch (java.io.IOException e) {
                served = fixture.fetch(segment.metadata(), 0);
            }
            if (served.size() < segment.served().size()) {
                served = fixture.fetch(segment.metadata(), 0);
            }
            assertThat(served).hasSameSizeAs(segment.served());
        }
    }
}
