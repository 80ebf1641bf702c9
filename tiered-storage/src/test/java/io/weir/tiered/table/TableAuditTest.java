package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.Finding;
import io.weir.tiered.archive.TableCheck.Verdict;
import io.weir.tiered.archive.VerifyLevel;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.LongPredicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableAuditTest {
    @TempDir
    Path folder;

    private LakeFixture lake;
    private UUID topic;

    @BeforeEach
    void create() {
        lake = new LakeFixture(new MemoryObjectStore(), URI.create("s3a://bucket"), folder);
        topic = lake.create("orders");
    }

    private Verdict check(VerifyLevel level) {
        return new TableAudit(lake.open(), lake::snapshot).check("orders", level);
    }

    private Table table() {
        return lake.open().find(topic).orElseThrow();
    }

    private DataFile onlyFile() {
        return PresentFiles.of(table()).of(0).getFirst();
    }

    @Test
    void aTableAsItWasCommittedIsClean() throws IOException {
        lake.segment("orders", 0, 0, 50);
        lake.segment("orders", 1, 0, 7);
        lake.pass();
        lake.segment("orders", 0, 50, 60); // not committed yet: nobody misses it

        for (VerifyLevel level : VerifyLevel.values()) {
            assertThat(check(level)).isEqualTo(new Verdict(57, List.of()));
        }
    }

    @Test
    void aTopicWithoutATableIsClean() throws IOException {
        lake.segment("orders", 0, 0, 50);

        assertThat(check(VerifyLevel.DEEP)).isEqualTo(Verdict.NOTHING);
    }

    @Test
    void rowsInOtherFilesThanTheSegmentsAreComparedAndClean() throws IOException {
        // Given: the second segment overlaps, so that its upper rows alone are in the table; then somebody
        // rewrites a file
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        lake.segment("orders", 0, 30, 70);
        lake.pass();
        replaceFirstFile(file -> true, "");

        assertThat(check(VerifyLevel.ROWS)).isEqualTo(new Verdict(70, List.of()));
        assertThat(check(VerifyLevel.DEEP)).isEqualTo(new Verdict(70, List.of()));
    }

    @Test
    void rowsThatTheLogHasDroppedAreNobodysBusiness() throws IOException {
        lake.segment("orders", 0, 0, 50);
        lake.segment("orders", 0, 50, 60);
        lake.pass();
        lake.expire("orders", 0, 0);
        lake.logStart("orders", 0, 50);

        assertThat(check(VerifyLevel.ROWS).findings()).isEmpty();
    }

    @Test
    void aRowThatIsInTwiceIsFound() throws IOException {
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        RowRewriter rewriter = new RowRewriter(lake.open().files(), lake::uuid);
        table().newAppend()
                .appendFile(rewriter.without(table(), onlyFile(), 0, offset -> offset != 17)
                        .orElseThrow())
                .commit();

        assertThat(check(VerifyLevel.META).findings()).isEmpty();
        assertThat(check(VerifyLevel.ROWS).findings())
                .containsExactly(finding(0, 49, "the table has the row of offset 17 more than once."));
    }

    @Test
    void aRowThatIsMissingIsFound() throws IOException {
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        replaceFirstFile(offset -> offset != 23, "");

        assertThat(check(VerifyLevel.ROWS).findings())
                .containsExactly(finding(0, 49, "the table lacks the row of offset 23; it has 49 rows of 50."));
    }

    @Test
    void otherValuesAreFoundByALookAtTheValues() throws IOException {
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        replaceFirstFile(offset -> true, "other");

        assertThat(check(VerifyLevel.ROWS).findings()).isEmpty();
        assertThat(check(VerifyLevel.DEEP).findings())
                .containsExactly(finding(0, 49, "the table has other values in these rows than the segment's files."));
    }

    @Test
    void aFileThatIsGoneIsNamed() throws IOException {
        ArchivedTopic.Segment segment = lake.segment("orders", 0, 0, 50);
        lake.pass();
        String location = onlyFile().location();
        lake.damage(segment);

        assertThat(check(VerifyLevel.META).findings())
                .containsExactly(finding(0, 49, "the table lists '" + location + "', which is not there."));
    }

    @Test
    void rowsBehindTheVectorAreFoundAsTheyWouldComeAgain() throws IOException {
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        table().updateProperties().set(LakeProperties.OFFSETS, "0:40").commit();

        assertThat(check(VerifyLevel.ROWS).findings())
                .containsExactly(finding(
                        40,
                        49,
                        "the table has 10 rows at and behind offset 40, where its property 'weir.offsets.v1' says"
                                + " it ends."));
    }

    private Finding finding(long first, long last, String problem) {
        return new Finding(table().location(), "orders", 0, first, last, problem);
    }

    /// As another engine's compaction does, with these rows.
    private void replaceFirstFile(LongPredicate stays, String variant) throws IOException {
        Table table = table();
        DataFile former = onlyFile();
        DataFile next;
        if (variant.isEmpty()) {
            RowRewriter rewriter = new RowRewriter(lake.open().files(), lake::uuid);
            next = rewriter.without(table, former, 0, stays.negate()).orElseThrow();
        } else {
            UUID other = lake.create("other");
            lake.segment("other", 0, 0, 50, variant);
            lake.pass();
            next = PresentFiles.of(lake.open().find(other).orElseThrow()).of(0).getFirst();
        }
        table.newRewrite().deleteFile(former).addFile(next).commit();
    }
}
