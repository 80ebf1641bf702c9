package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.store.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteStorageManager.IndexType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Nothing changes: random segments through the plugin and back. A failure prints its seed.
class SegmentRoundTripTest {
    private static final String[] SERVED = {"auto", "none", "lz4", "zstd"};
    private static final String SHAPED = "shaped";

    private final FailingLakeSchema schema = new FailingLakeSchema();

    @TempDir
    Path folder;

    @Test
    void aThousandRandomSegmentsComeBackAsTheyWere() throws Exception {
        long recordsBefore = counted(TopicNumbers::records);
        long rawBefore = counted(TopicNumbers::rawRecords);

        roundTrips(0, 1000);

        long records = counted(TopicNumbers::records) - recordsBefore;
        long raw = counted(TopicNumbers::rawRecords) - rawBefore;
        // a quarter is not shredded at all, and the other values are odd on purpose
        assertThat(raw).isBetween(records / 10, records * 8 / 10);
        assertThat(schema.failures).isPositive();

        // every way out of the ordinary path was taken
        assertThat(ArchiveMetrics.PROCESS.verbatimBatches())
                .containsKeys("control", "aborted", "timestamp", "not-canonical", "magic")
                .doesNotContainKeys("unproven", "undecompressible", "local-checksum", "record-count");
    }

    private static long counted(ToLongFunction<TopicNumbers> number) {
        return ArchiveMetrics.PROCESS.byTopic().values().stream()
                .mapToLong(number)
                .sum();
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void aHundredThousandRandomSegmentsComeBackAsTheyWere() throws Exception {
        roundTrips(1_000_000, 100_000);
    }

    private void roundTrips(long firstSeed, int count) throws Exception {
        MemoryObjectStore store = new MemoryObjectStore();
        List<ArchiveFixture> fixtures = new ArrayList<>();
        for (String served : SERVED) {
            fixtures.add(new ArchiveFixture(
                    store,
                    folder.resolve("staging-" + served),
                    Map.of(
                            ArchiveSettings.SERVE_COMPRESSION,
                            served,
                            ArchiveSettings.CLUSTER_ID,
                            served.equals("lz4") ? "unshaped" : SHAPED,
                            ArchiveSettings.SHAPE_ENABLED,
                            "true",
                            ArchiveSettings.SHAPE_LIMIT_COLUMNS,
                            "100",
                            // four caches beside each other
                            ArchiveSettings.CACHE_BYTES,
                            "67108864")));
        }
        LakeSchemas.offer(SHAPED, schema);
        try {
            for (long seed = firstSeed; seed < firstSeed + count; seed++) {
                if (seed % 10 == 0) {
                    schema.forget();
                }
                roundTrip(fixtures.get((int) (seed % SERVED.length)), store, seed);
            }
        } finally {
            LakeSchemas.withdraw(SHAPED, schema);
            for (ArchiveFixture fixture : fixtures) {
                fixture.close();
            }
        }
    }

    private void roundTrip(ArchiveFixture fixture, MemoryObjectStore store, long seed) throws Exception {
        // Given
        RandomSegment segment = new RandomSegment(seed);
        Path local = Files.createDirectory(folder.resolve("seed-" + seed));

        // When
        RemoteLogSegmentMetadata metadata = fixture.copy(segment, local);
        int from = new Random(seed).nextInt(segment.batches.size());
        // nothing is decoded yet: a reader from nowhere gets single pages
        List<RecordBatch> tail = fixture.fetch(metadata, from);
        List<RecordBatch> served = fixture.fetch(metadata, 0);

        // Then
        assertThat(served).as("seed %d", seed).hasSameSizeAs(segment.batches);
        for (int i = 0; i < served.size(); i++) {
            RecordBatch original = batch(segment.batches.get(i));
            assertSame(original, served.get(i), "seed " + seed + ", batch " + i);
        }
        assertThat(tail).as("seed %d", seed).hasSize(served.size() - from);
        for (int i = from; i < served.size(); i++) {
            assertSame(
                    batch(segment.batches.get(i)),
                    tail.get(i - from),
                    "seed " + seed + ", from " + from + ", batch " + i);
        }
        assertIndexes(fixture, metadata, segment, local, seed);
        fixture.plugin.deleteLogSegmentData(metadata);
        fixture.plugin.deleteLogSegmentData(metadata);
        assertThat(store.objects).as("seed %d", seed).isEmpty();
        try (Stream<Path> files = Files.list(local)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(local);
    }

    private static void assertIndexes(
            ArchiveFixture fixture, RemoteLogSegmentMetadata metadata, RandomSegment segment, Path local, long seed)
            throws Exception {
        ByteBuffer offsets = ByteBuffer.wrap(
                fixture.plugin.fetchIndex(metadata, IndexType.OFFSET).readAllBytes());
        assertThat(offsets.remaining()).as("seed %d", seed).isEqualTo(8 * (segment.batches.size() - 1));
        while (offsets.hasRemaining()) {
            long offset = segment.baseOffset + offsets.getInt();
            assertThat(offset)
                    .as("seed %d", seed)
                    .isEqualTo(ByteBuffer.wrap(segment.batches.get(offsets.getInt()))
                            .getLong(0));
        }
        assertThat(fixture.plugin.fetchIndex(metadata, IndexType.TIMESTAMP).readAllBytes())
                .isEqualTo(Files.readAllBytes(local.resolve("time")));
        assertThat(fixture.plugin
                        .fetchIndex(metadata, IndexType.PRODUCER_SNAPSHOT)
                        .readAllBytes())
                .isEqualTo(Files.readAllBytes(local.resolve("snapshot")));
        assertThat(fixture.plugin.fetchIndex(metadata, IndexType.LEADER_EPOCH).readAllBytes())
                .startsWith('0', '\n');
    }

    static void assertSame(RecordBatch original, RecordBatch served, String where) {
        assertThat(served.isValid()).as(where).isEqualTo(original.isValid());
        assertThat(served.magic()).as(where).isEqualTo(original.magic());
        assertThat(served.baseOffset()).as(where).isEqualTo(original.baseOffset());
        assertThat(served.lastOffset()).as(where).isEqualTo(original.lastOffset());
        assertThat(served.partitionLeaderEpoch()).as(where).isEqualTo(original.partitionLeaderEpoch());
        assertThat(served.timestampType()).as(where).isEqualTo(original.timestampType());
        assertThat(served.maxTimestamp()).as(where).isEqualTo(original.maxTimestamp());
        assertThat(served.producerId()).as(where).isEqualTo(original.producerId());
        assertThat(served.producerEpoch()).as(where).isEqualTo(original.producerEpoch());
        assertThat(served.baseSequence()).as(where).isEqualTo(original.baseSequence());
        assertThat(served.isTransactional()).as(where).isEqualTo(original.isTransactional());
        assertThat(served.isControlBatch()).as(where).isEqualTo(original.isControlBatch());
        assertThat(served.countOrNull()).as(where).isEqualTo(original.countOrNull());
        List<Record> expected = records(original);
        List<Record> actual = records(served);
        assertThat(actual).as(where).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertSame(expected.get(i), actual.get(i), where + ", record " + i);
        }
    }

    private static void assertSame(Record expected, Record actual, String where) {
        assertThat(actual.offset()).as(where).isEqualTo(expected.offset());
        assertThat(actual.timestamp()).as(where).isEqualTo(expected.timestamp());
        assertThat(actual.sequence()).as(where).isEqualTo(expected.sequence());
        assertThat(actual.key()).as(where).isEqualTo(expected.key());
        assertThat(actual.value()).as(where).isEqualTo(expected.value());
        assertThat(actual.headers()).as(where).isEqualTo(expected.headers());
    }

    private static List<Record> records(RecordBatch batch) {
        List<Record> records = new ArrayList<>();
        batch.forEach(records::add);
        return records;
    }

    private static RecordBatch batch(byte[] bytes) {
        return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes))
                .batches()
                .iterator()
                .next();
    }
}
