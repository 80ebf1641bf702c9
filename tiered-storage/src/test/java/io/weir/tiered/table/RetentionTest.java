package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.LakeRetention;
import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `lake.retention`: which rows stay in the table when the log has dropped them. The rows here are of 2001.
class RetentionTest {
    private static final Duration CENTURY = Duration.ofDays(36_500);

    @TempDir
    Path folder;

    private LakeFixture lake;
    private UUID topic;

    @BeforeEach
    void aTableOfWhichTheLogHasDroppedTheFirstFile() throws Exception {
        lake = new LakeFixture(new MemoryObjectStore(), URI.create("s3a://bucket"), folder);
        topic = lake.create("orders");
        lake.segment("orders", 0, 0, 10);
        lake.segment("orders", 0, 10, 20);
        lake.pass();
        lake.logStart("orders", 0, 12);
        lake.expire("orders", 0, 0);
    }

    private void assertRowsFrom(long first) throws Exception {
        assertThat(TableRows.of(lake.tables, topic)).isEqualTo(LakeFixture.rows(0, first, 20, "a"));
    }

    @Test
    void unlessAnythingIsSetRowsFollowTheLog() throws Exception {
        lake.pass();

        assertRowsFrom(10);
    }

    @Test
    void rowsThatAreKeptStayWhateverTheLogDrops() throws Exception {
        lake.retentions.put(topic, LakeRetention.KEEP);

        lake.pass();

        assertRowsFrom(0);
    }

    @Test
    void rowsWithAnAgeOfTheirOwnStayUntilTheyHaveReachedIt() throws Exception {
        lake.retentions.put(topic, new LakeRetention.Own(CENTURY));
        lake.pass();
        assertRowsFrom(0);

        lake.retentions.put(topic, new LakeRetention.Own(Duration.ofDays(1)));
        lake.pass();

        // never what the log still has, however old
        assertRowsFrom(10);
    }

    @Test
    void aChangeIsFollowedByTheSameCommitter() throws Exception {
        lake.retentions.put(topic, LakeRetention.KEEP);
        Committer committer = lake.committer(CommitHooks.NONE);
        committer.pass(() -> true);
        committer.pass(() -> true);
        assertRowsFrom(0);

        lake.retentions.put(topic, LakeRetention.FOLLOW);
        committer.pass(() -> true);

        assertRowsFrom(10);
    }

    @Test
    void keptRowsOutliveTheirTopic() throws Exception {
        lake.retentions.put(topic, LakeRetention.KEEP);
        Committer committer = lake.committer(CommitHooks.NONE);
        committer.pass(() -> true);
        lake.delete("orders");

        committer.pass(() -> true);
        committer.pass(() -> true);
        committer.pass(() -> true);
        assertRowsFrom(0);

        lake.retentions.put(topic, new LakeRetention.Own(CENTURY));
        committer.pass(() -> true);
        committer.pass(() -> true);
        assertRowsFrom(0);
        lake.retentions.remove(topic);
        committer.pass(() -> true);
        committer.pass(() -> true);
        assertThat(lake.tables.pointers()).isEmpty();
    }
}
