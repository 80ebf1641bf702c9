package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.tiered.archive.ArchiveBrokerSettings;
import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.ArchiveMetrics;
import io.weir.tiered.archive.ArchivedRecords;
import io.weir.tiered.archive.LakeSchemas;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.query.ArchiveStatements;
import io.weir.tiered.query.FileCache;
import io.weir.tiered.query.process.ChildPool;
import io.weir.tiered.query.process.ChildSettings;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.wiring.SqlColdFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A log with an archive in this JVM, and the archive's reader as the node wires it.
final class TieredLog implements AutoCloseable {
    /// Segments of a mebibyte, archived and dropped locally as soon as they are closed; the active one stays.
    static final Map<String, String> TIERED = Map.of(
            "remote.storage.enable", "true",
            "segment.bytes", "1048576",
            "retention.ms", "-1",
            "local.retention.ms", "-2",
            "local.retention.bytes", "1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Admin admin;
    final ArchiveColdReader cold;
    final ArchiveColumnFold columns;
    private final ChildPool children;
    private final Node node;
    private final String bootstrap;
    private final ObjectStore store;
    private final RemoteLogFold fold;

    TieredLog(Path data) throws Exception {
        ArchiveBrokerSettings archive = new ArchiveBrokerSettings(data, Duration.ofMillis(300), 2, Map.of());
        node = Node.create(NodeSettings.singleNode(data)
                        .withPorts(0, 0)
                        .with("log.flush.interval.messages", "9223372036854775807")
                        .withContributions(archive.brokerProperties()))
                .start();
        bootstrap = node.awaitRunning(PATIENCE).kafka().orElseThrow();
        admin = Admin.create(client());
        String cluster = admin.describeCluster().clusterId().get();
        LakeSchemas.offer(cluster, new MemoryLakeSchema());
        URI root = URI.create(ArchiveBrokerSettings.defaultUri(data));
        ArchiveLayout layout = new ArchiveLayout(cluster, "lake");
        store = HadoopObjectStore.open(root, Map.of());
        fold = new RemoteLogFold(admin, client(), store, root, layout);
        ArchivedRecords records = new ArchivedRecords(fold, store, layout);
        cold = new ArchiveColdReader(() -> records);
        children = ChildPool.open(ChildSettings.of(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Path.of("..", "..", "tiered-storage", "target", "query-child").toAbsolutePath(),
                data.resolve("children")));
        ArchiveStatements statements = ArchiveStatements.open(
                children, new FileCache.Settings(data.resolve("cache"), 1L << 30, 1), () -> store, Clock.systemUTC());
        columns = new ArchiveColumnFold(
                () -> records, new SqlColdFiles(() -> fold, data.resolve("cache"))::file, () -> statements);
    }

    Map<String, Object> client() {
        return new HashMap<>(Map.of("bootstrap.servers", bootstrap));
    }

    void create(String topic, int partitions, Map<String, String> settings) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
                .all()
                .get();
    }

    /// Waits until all but the active segment of each partition is archived and gone locally.
    void awaitTiered(String topic, int partitions) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            for (int number = 0; number < partitions; number++) {
                TopicPartition partition = new TopicPartition(topic, number);
                long local = offset(partition, OffsetSpec.earliestLocal(), IsolationLevel.READ_UNCOMMITTED);
                assertThat(local).isPositive();
                assertThat(cold.ends(topic).get(partition)).isEqualTo(local);
            }
        });
    }

    /// The ends for consumers of committed records.
    Map<TopicPartition, Long> ends(String topic, int partitions) throws Exception {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int number = 0; number < partitions; number++) {
            TopicPartition partition = new TopicPartition(topic, number);
            ends.put(partition, offset(partition, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED));
        }
        return ends;
    }

    private long offset(TopicPartition partition, OffsetSpec spec, IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(partition, spec), new ListOffsetsOptions(isolation))
                .partitionResult(partition)
                .get()
                .offset();
    }

    /// What a consumer of committed records gets of a partition from an offset on.
    List<ConsumerRecord<byte[], byte[]>> consume(TopicPartition partition, long from) throws Exception {
        long end = offset(partition, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        Map<String, Object> settings = client();
        settings.put("isolation.level", "read_committed");
        settings.put("max.poll.records", 10_000);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            long begun = System.nanoTime();
            while (consumer.position(partition) < end) {
                assertThat(System.nanoTime() - begun)
                        .as("time for " + partition)
                        .isLessThan(PATIENCE.toNanos());
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    List<ConsumerRecord<byte[], byte[]>> consume(String topic, int partitions) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int number = 0; number < partitions; number++) {
            records.addAll(consume(new TopicPartition(topic, number), 0));
        }
        return records;
    }

    /// Batches that the broker has read from the archive for anybody.
    static long coldBatches() {
        return ArchiveMetrics.PROCESS.counters().get("cold_batches");
    }

    @Override
    public void close() throws IOException {
        children.close();
        fold.close();
        store.close();
        admin.close(Duration.ofSeconds(1));
        node.stop(Duration.ofSeconds(20));
    }
}
