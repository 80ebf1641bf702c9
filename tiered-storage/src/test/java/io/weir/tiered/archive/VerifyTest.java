package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.VerifiedRecord.Source;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Verification finds what is wrong, says where, and has nothing to say about what is right.
class VerifyTest {
    private static final ArchiveLayout LAYOUT = new ArchiveLayout("test", "lake");

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private RemoteLogSegmentMetadata metadata;
    private KnownSegment segment;
    private List<VerifiedRecord> records;

    @BeforeEach
    void copySegment() throws Exception {
        try (ArchiveFixture fixture = new ArchiveFixture(store, folder.resolve("staging"), Map.of())) {
            metadata = fixture.copy(new RandomSegment(11), Files.createDirectory(folder.resolve("local")));
            records = records(fixture.fetch(metadata, 0));
        }
        segment = new KnownSegment(
                metadata.topicIdPartition().topic(),
                ArchiveLayout.address(metadata),
                metadata.endOffset(),
                KnownSegment.State.FINISHED,
                CustomMetadata.read(metadata));
    }

    private static List<VerifiedRecord> records(List<RecordBatch> batches) {
        List<VerifiedRecord> records = new ArrayList<>();
        for (RecordBatch batch : batches) {
            for (Record record : batch.isControlBatch() ? List.<Record>of() : batch) {
                boolean appendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
                records.add(VerifiedRecord.of(record, appendTime ? batch.maxTimestamp() : record.timestamp()));
            }
        }
        return records;
    }

    /// A local log that has these records.
    private static LocalLog holding(List<VerifiedRecord> records) {
        return (topic, partition, first, last) -> records.isEmpty()
                ? Optional.empty()
                : Optional.of(new Source() {
                    private final Iterator<VerifiedRecord> rest = records.iterator();

                    @Override
                    public long firstOffset() {
                        return records.getFirst().offset();
                    }

                    @Override
                    public VerifiedRecord next() {
                        return rest.hasNext() ? rest.next() : null;
                    }

                    @Override
                    public void close() {}
                });
    }

    private SegmentVerifier verified(VerifyLevel level, List<VerifiedRecord> local) throws IOException {
        SegmentVerifier verifier = new SegmentVerifier(store, LAYOUT, holding(local), level);
        verifier.verify(segment);
        return verifier;
    }

    private String path(String suffix) {
        return store.objects.keySet().stream()
                .filter(path -> path.endsWith(suffix))
                .findFirst()
                .orElseThrow();
    }

    private void assertOneFinding(SegmentVerifier verifier, String object, String problem) {
        assertThat(verifier.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.object()).endsWith(object);
            assertThat(finding.problem()).contains(problem);
            assertThat(finding.topic()).isEqualTo(segment.topic());
            assertThat(finding.partition()).isEqualTo(segment.address().partition());
            assertThat(finding.firstOffset()).isBetween(segment.address().baseOffset(), segment.endOffset());
            assertThat(finding.lastOffset()).isBetween(finding.firstOffset(), segment.endOffset());
        });
    }

    @Test
    void whatIsRightHasNoFindingAtAnyLevel() throws IOException {
        for (VerifyLevel level : VerifyLevel.values()) {
            SegmentVerifier verifier = verified(level, records);

            assertThat(verifier.findings()).as("%s", level).isEmpty();
            assertThat(verifier.comparedRecords()).isEqualTo(level == VerifyLevel.DEEP ? records.size() : 0);
        }
        assertThat(records).hasSizeGreaterThan(10);
    }

    @Test
    void aMissingSidecarIsNamed() throws IOException {
        String sidecar = path(".sidecar");
        store.objects.remove(sidecar);
        assertOneFinding(verified(VerifyLevel.META, List.of()), sidecar, "must exist");
    }

    @Test
    void aMissingDataFileIsNamed() throws IOException {
        String data = path(".parquet");
        store.objects.remove(data);
        assertOneFinding(verified(VerifyLevel.META, List.of()), data, "must exist");
    }

    @Test
    void aDataFileThatIsCutShortIsNamed() throws IOException {
        String data = path(".parquet");
        store.objects.put(data, Arrays.copyOf(store.objects.get(data), 100));
        assertOneFinding(verified(VerifyLevel.META, List.of()), data, "has 100");
    }

    @Test
    void aSidecarOfAnotherCopyIsNamed() throws Exception {
        String sidecar = path(".sidecar");
        MemoryObjectStore other = new MemoryObjectStore();
        try (ArchiveFixture fixture = new ArchiveFixture(other, folder.resolve("staging"), Map.of())) {
            RemoteLogSegmentMetadata unused =
                    fixture.copy(new RandomSegment(12), Files.createDirectory(folder.resolve("other")));
        }
        store.objects.put(
                sidecar,
                other.objects.values().stream()
                        .filter(object -> object[0] == 'W')
                        .findFirst()
                        .orElseThrow());

        assertThat(verified(VerifyLevel.META, List.of()).findings())
                .isNotEmpty()
                .allSatisfy(finding -> assertThat(finding.object()).endsWith(sidecar));
    }

    /// A flip outside of anything that is read (padding, page indexes) may go unseen; one in a row group may not.
    @Test
    void aFlippedBitInTheRowsIsFoundByTheirLevelWithItsOffsets() throws IOException {
        String data = path(".parquet");
        byte[] whole = store.objects.get(data);
        Random random = new Random(4);
        for (int flip = 0; flip < 20; flip++) {
            byte[] damaged = whole.clone();
            int at = 4 + random.nextInt(whole.length / 2);
            damaged[at] ^= 1;
            store.objects.put(data, damaged);

            assertThat(verified(VerifyLevel.META, List.of()).findings()).isEmpty();
            assertThat(verified(VerifyLevel.ROWS, List.of()).findings())
                    .as("byte %d", at)
                    .isNotEmpty()
                    .allSatisfy(finding -> assertThat(finding.firstOffset())
                            .isBetween(segment.address().baseOffset(), finding.lastOffset()));
        }
    }

    @Test
    void aRecordThatDiffersFromTheLocalLogIsNamed() throws IOException {
        List<VerifiedRecord> local = new ArrayList<>(records);
        VerifiedRecord seventh = local.get(7);
        local.set(
                7,
                new VerifiedRecord(
                        seventh.offset(),
                        seventh.timestamp(),
                        seventh.key(),
                        ByteBuffer.wrap(new byte[] {42}),
                        seventh.headers()));

        SegmentVerifier verifier = verified(VerifyLevel.DEEP, local);

        assertOneFinding(verifier, ".sidecar", "record " + seventh.offset() + " differs");
        assertThat(verifier.findings().getFirst().firstOffset()).isEqualTo(seventh.offset());
    }

    @Test
    void aRecordThatOnlyTheLocalLogHasIsNamed() throws IOException {
        List<VerifiedRecord> local = new ArrayList<>(records);
        VerifiedRecord last = local.getLast();
        local.add(new VerifiedRecord(segment.endOffset(), 1, null, last.value(), List.of()));
        if (last.offset() == segment.endOffset()) {
            local.remove(last);
        }
        assertThat(verified(VerifyLevel.DEEP, local).findings()).hasSize(1);
    }

    @Test
    void theLocalLogMayBeginInTheMiddleOfASegment() throws IOException {
        List<VerifiedRecord> tail = records.subList(records.size() / 2, records.size());

        SegmentVerifier verifier = verified(VerifyLevel.DEEP, tail);

        assertThat(verifier.findings()).isEmpty();
        assertThat(verifier.comparedRecords()).isEqualTo(tail.size());
    }
}
