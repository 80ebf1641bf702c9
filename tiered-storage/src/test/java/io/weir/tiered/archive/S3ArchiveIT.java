package io.weir.tiered.archive;

import static io.weir.tiered.archive.TieredNode.TIERED;
import static io.weir.tiered.archive.TieredNode.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.tiered.store.S3Server;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A node whose archive lies in S3: a consumer cannot tell, and a store that is away only delays.
@EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
class S3ArchiveIT {
    private static final Map<String, Object> EVERYTHING = Map.of("isolation.level", "read_uncommitted");

    @TempDir
    Path folder;

    @Test
    void aTopicInS3ReadsBackRecordForRecordOnceTheStoreIsThere() throws Exception {
        int port = S3Server.freePort();
        try (TieredNode node = TieredNode.start(folder.resolve("data"), plugin(port), Map.of())) {
            // Given a store that is not there
            node.create("tiered", 2, TIERED);
            node.produce("tiered", 20_000, 7);

            // Then what is local is served, and the copies say why they fail
            List<ConsumerRecord<byte[], byte[]>> hot = node.readAll("tiered", 2, EVERYTHING);
            assertThat(hot).hasSize(20_000);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(failing()).anySatisfy(copy -> {
                        assertThat(copy.topic()).isEqualTo("tiered");
                        assertThat(copy.reason())
                                .contains("cannot be reached")
                                .contains("weir.archive.hadoop.fs.s3a.endpoint");
                    }));

            // When it appears
            try (S3Server server = S3Server.start(folder.resolve("server"), port)) {
                node.awaitTiered("tiered", 2);

                // Then
                assertSame(hot, node.readAll("tiered", 2, EVERYTHING));
                assertThat(failing()).isEmpty();
                assertThat(server.keys("weir/"))
                        .allMatch(key -> key.endsWith(".sidecar") || key.endsWith(".parquet"))
                        .hasSizeGreaterThan(3);
            }
        }
    }

    private static List<FailingCopies.FailingCopy> failing() {
        return ArchiveMetrics.PROCESS.failingCopies().all(Instant.now());
    }

    private static Map<String, String> plugin(int port) {
        Map<String, String> settings = new HashMap<>();
        settings.put(ArchiveSettings.URI, "s3a://" + S3Server.BUCKET + "/weir");
        settings.put(ArchiveSettings.STORE_BACKOFF, "PT2S");
        S3Server.settings(port).forEach((name, value) -> settings.put(ArchiveSettings.HADOOP_PREFIX + name, value));
        return settings;
    }
}
