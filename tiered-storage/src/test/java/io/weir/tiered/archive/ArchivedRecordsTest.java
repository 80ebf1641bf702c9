package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.segment.DataFile;
import io.weir.tiered.store.FailingObjectStore;
import io.weir.tiered.store.MemoryObjectStore;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Archived records as a consumer of committed records sees them, held against the batches of the local segment.
class ArchivedRecordsTest {
    private static final String CLUSTER = "records";
    private static final TopicPartition PARTITION = new TopicPartition("fuzz", 3);
    private static final Map<String, String> SETTINGS = Map.of(
            ArchiveSettings.CLUSTER_ID,
            CLUSTER,
            ArchiveSettings.SHAPE_ENABLED,
            "true",
            ArchiveSettings.SHAPE_LIMIT_COLUMNS,
            "100");

    @TempDir
    Path folder;

    private final FailingLakeSchema schema = new FailingLakeSchema();
    private final MemoryObjectStore store = new MemoryObjectStore();
    private final ArchiveLayout layout = new ArchiveLayout(CLUSTER, "lake");
    private final List<RemoteLogSegmentMetadata> finished = new ArrayList<>();
    private ArchiveFixture fixture;
    private long logStart;

    @BeforeEach
    void startPlugin() throws Exception {
        LakeSchemas.offer(CLUSTER, schema);
        fixture = new ArchiveFixture(store, folder.resolve("staging"), SETTINGS);
    }

    @AfterEach
    void stopPlugin() throws Exception {
        fixture.close();
        LakeSchemas.withdraw(CLUSTER, schema);
    }

    @Test
    void everyRecordOfRandomSegmentsIsGivenAsAConsumerOfCommittedRecordsSeesIt() throws Exception {
        assertGivenAsTheyAre(100, 1_000);
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void everyRecordOfManyRandomSegmentsIsGivenAsAConsumerOfCommittedRecordsSeesIt() throws Exception {
        assertGivenAsTheyAre(5_000, 50_000);
    }

    private void assertGivenAsTheyAre(int segments, int leastRecords) throws Exception {
        int seen = 0;
        for (long seed = 0; seed < segments; seed++) {
            if (seed % 10 == 0) {
                schema.forget();
            }
            RandomSegment segment = archive(seed);
            List<Seen> expected = committed(segment);
            long from =
                    segment.baseOffset + new Random(seed).nextInt((int) (segment.endOffset() - segment.baseOffset) + 2);

            List<Seen> all =
                    read(records(store).open(PARTITION, segment.baseOffset), 1 + new Random(seed).nextInt(500));
            List<Seen> tail = read(records(store).open(PARTITION, from), Long.MAX_VALUE);

            assertThat(all).as("seed %d", seed).isEqualTo(expected);
            assertThat(tail)
                    .as("seed %d from %d", seed, from)
                    .isEqualTo(expected.stream()
                            .filter(record -> record.offset() >= from)
                            .toList());
            seen += all.size();
            store.objects.clear();
        }
        assertThat(seen).isGreaterThan(leastRecords);
    }

    @Test
    void theEndOfTheArchiveIsTheOffsetBehindItsLastSegmentAndMovesWithIt() throws Exception {
        RandomSegment segment = archive(3);
        long end = segment.endOffset() + 1;
        PartitionRecords reading = records(store).open(PARTITION, end);
        assertThat(records(store).ends("fuzz")).isEqualTo(Map.of(3, end));
        assertThat(reading.next(1)).isEqualTo(new PartitionRecords.Part(List.of(), end, true));

        // a longer copy of the same offsets and more, as after a change of leaders
        RandomSegment longer = longer(segment);
        PartitionRecords.Part more = reading.next(Long.MAX_VALUE);

        assertThat(more.last()).isFalse();
        assertThat(more.next()).isEqualTo(longer.endOffset() + 1);
        assertThat(seen(more.records()))
                .isEqualTo(committed(longer).stream()
                        .filter(record -> record.offset() >= end)
                        .toList());
        assertThat(reading.next(1).last()).isTrue();
    }

    @Test
    void offsetsBelowTheLogsStartAreLeftToTheLog() throws Exception {
        RandomSegment segment = archive(5);
        logStart = segment.endOffset() - 1;

        PartitionRecords.Part part =
                records(store).open(PARTITION, segment.baseOffset).next(1);

        assertThat(part).isEqualTo(new PartitionRecords.Part(List.of(), segment.baseOffset, true));
    }

    @Test
    void aReaderInTheMiddleFollowsRowsIntoAnotherFile() throws Exception {
        // Given
        RandomSegment segment = archive(11);
        List<Seen> expected = committed(segment);
        PartitionRecords reading = records(store).open(PARTITION, segment.baseOffset);
        PartitionRecords.Part first = reading.next(1);
        List<Seen> given = new ArrayList<>(seen(first.records()));

        // When
        SegmentRewrites rewrites = new SegmentRewrites(
                store, layout, folder.resolve("rewrites"), new MemoryRewriteCounts(), RewriteLeases.ALONE);
        DataFile file = rewrites.sidecar(ArchiveLayout.address(finished.getFirst()))
                .files()
                .getFirst();
        DataFile moved = rewrites.join(List.of(file), "lake/lake/fuzz/data/p3/" + new UUID(1, 2) + ".parquet");
        rewrites.relist(ArchiveLayout.address(finished.getFirst()), Map.of(file.path(), moved));
        store.delete(layout.listed(file.path()));
        reading.release();

        // Then
        given.addAll(read(reading, 1));
        assertThat(given).isEqualTo(expected);
    }

    @Test
    void aSegmentThatIsGoneWithItsObjectsIsAnError() throws Exception {
        RandomSegment segment = archive(13);
        PartitionRecords reading = records(store).open(PARTITION, segment.baseOffset);
        store.objects.clear();

        assertThatThrownBy(() -> reading.next(1)).isInstanceOf(ObjectNotFoundException.class);

        logStart = segment.endOffset() + 1;
        assertThat(reading.next(1).last()).isTrue();
    }

    @Test
    void aStoreThatFailsNowAndThenLosesAndRepeatsNothing() throws Exception {
        for (long seed = 0; seed < 40; seed++) {
            RandomSegment segment = archive(seed);
            PartitionRecords reading =
                    records(new FailingObjectStore(store, seed, 0.2)).open(PARTITION, segment.baseOffset);
            List<Seen> given = new ArrayList<>();
            boolean last = false;
            for (int tries = 0; !last; tries++) {
                assertThat(tries).as("tries, seed %d", seed).isLessThan(10_000);
                try {
                    PartitionRecords.Part part = reading.next(1 + seed * 10);
                    given.addAll(seen(part.records()));
                    last = part.last();
                    if (tries % 3 == 0) {
                        reading.release();
                        assertThat(reading.heldBytes()).isZero();
                    }
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("503");
                }
            }
            assertThat(given).as("seed %d", seed).isEqualTo(committed(segment));
            store.objects.clear();
        }
    }

    /// Takes the place of everything before.
    private RandomSegment archive(long seed) throws Exception {
        RandomSegment segment = new RandomSegment(seed);
        Path local = Files.createDirectory(folder.resolve("seed-" + seed + "-" + UUID.randomUUID()));
        finished.clear();
        finished.add(fixture.copy(segment, local));
        logStart = segment.baseOffset;
        return segment;
    }

    private RandomSegment longer(RandomSegment segment) throws Exception {
        segment.grow();
        finished.add(fixture.copy(segment, Files.createDirectory(folder.resolve("longer"))));
        return segment;
    }

    private ArchivedRecords records(ObjectStore from) {
        return new ArchivedRecords(topic -> Map.of(3, SegmentChain.of(logStart, finished)), from, layout);
    }

    private static List<Seen> read(PartitionRecords reading, long bytes) throws IOException {
        List<Seen> all = new ArrayList<>();
        long before = -1;
        PartitionRecords.Part part = reading.next(bytes);
        while (!part.last()) {
            assertThat(part.next()).isGreaterThan(before);
            before = part.next();
            all.addAll(seen(part.records()));
            part = reading.next(bytes);
        }
        return all;
    }

    /// A record with everything that a consumer can ask it.
    private record Seen(
            long offset, VerifiedRecord record, TimestampType type, int keySize, int valueSize, int leaderEpoch) {}

    private static List<Seen> seen(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> {
                    assertThat(record.topic()).isEqualTo("fuzz");
                    assertThat(record.partition()).isEqualTo(3);
                    return new Seen(
                            record.offset(),
                            VerifiedRecord.of(record),
                            record.timestampType(),
                            record.serializedKeySize(),
                            record.serializedValueSize(),
                            record.leaderEpoch().orElse(-1));
                })
                .toList();
    }

    /// What the local batches hold of committed transactions and outside of any.
    private static List<Seen> committed(RandomSegment segment) {
        Map<Long, Seen> records = new TreeMap<>();
        for (byte[] bytes : segment.batches) {
            for (RecordBatch batch :
                    MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
                if (batch.isControlBatch() || isAborted(batch, segment.aborted)) {
                    continue;
                }
                for (Record record : batch) {
                    boolean stamped = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
                    records.put(
                            record.offset(),
                            new Seen(
                                    record.offset(),
                                    VerifiedRecord.of(record, stamped ? batch.maxTimestamp() : record.timestamp()),
                                    batch.timestampType(),
                                    record.hasKey() ? record.keySize() : -1,
                                    record.hasValue() ? record.valueSize() : -1,
                                    batch.partitionLeaderEpoch()));
                }
            }
        }
        return List.copyOf(records.values());
    }

    private static boolean isAborted(RecordBatch batch, List<long[]> aborted) {
        return batch.isTransactional()
                && aborted.stream()
                        .anyMatch(range -> range[0] == batch.producerId()
                                && range[1] <= batch.baseOffset()
                                && batch.baseOffset() <= range[2]);
    }
}
