package io.weir.tiered.archive;

import static io.weir.tiered.archive.TieredNode.TIERED;
import static io.weir.tiered.archive.TieredNode.assertSame;
import static io.weir.tiered.archive.TieredNode.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that takes 700 ms for each call, while the broker gives up on a remote read after 500 ms (Kafka's
/// default): slow, not stuck. Batches are served with zstd here.
class SlowStoreIT {
    private static final Map<String, Object> EVERYTHING = Map.of("isolation.level", "read_uncommitted");

    @TempDir
    static Path data;

    private static TieredNode node;

    /// Sleeps before every call that reads.
    public static final class SlowFileSystem extends RawLocalFileSystem {
        private static final long DELAY_NANOS = 700_000_000L;

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferSize) throws IOException {
            delay();
            return super.open(path, bufferSize);
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            delay();
            return super.getFileStatus(path);
        }

        private static void delay() {
            long end = System.nanoTime() + DELAY_NANOS;
            for (long left = DELAY_NANOS; left > 0; left = end - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    @BeforeAll
    static void startNode() {
        Map<String, String> plugin = Map.of(
                ArchiveSettings.SERVE_COMPRESSION,
                "zstd",
                ArchiveSettings.HADOOP_PREFIX + "fs.file.impl",
                SlowFileSystem.class.getName(),
                ArchiveSettings.VERIFY_ON_COPY,
                "footer");
        node = TieredNode.start(data, plugin, Map.of("remote.fetch.max.wait.ms", "500"));
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @Test
    void aSlowStoreIsSlowNotStuck() throws Exception {
        // Given
        node.create("slow", 1, TIERED);
        List<String> committed = node.produceTransactions("slow", "zstd", 20, 100);
        List<ConsumerRecord<byte[], byte[]>> everything = node.readAll("slow", 1, EVERYTHING);

        // When
        node.awaitTiered("slow", 1);

        // Then
        assertSame(everything, node.readAll("slow", 1, EVERYTHING));
        assertThat(values(node.readAll("slow", 1, Map.of("isolation.level", "read_committed"))))
                .isEqualTo(committed);
        assertThat(values(node.readAll(
                        "slow", 1, Map.of("isolation.level", "read_committed", "max.partition.fetch.bytes", 20_480))))
                .isEqualTo(committed);
    }
}
