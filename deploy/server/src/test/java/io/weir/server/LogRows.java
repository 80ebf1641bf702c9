package io.weir.server;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/// The records of partition 0 as its two kinds of readers see them: a Kafka consumer, and Iceberg's own
/// client and
/// reader.
final class LogRows {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int FIXED_COLUMNS = 9;

    private LogRows() {}

    /// One row of the table.
    record Row(long offset, String value) {}

    /// What a consumer reads from the beginning to the end, by offset. An offset that comes twice is an
    /// error.
    static Map<Long, String> read(String kafka, String topic, Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put("bootstrap.servers", kafka);
        properties.put("auto.offset.reset", "none");
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<Long, String> records = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            Awaitility.await("the consumer to reach offset " + end)
                    .atMost(PATIENCE)
                    .until(() -> {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                            String before =
                                    records.put(record.offset(), new String(record.value(), StandardCharsets.UTF_8));
                            if (before != null) {
                                throw new AssertionError("Offset " + record.offset() + " came twice.");
                            }
                        }
                        return consumer.position(partition) >= end;
                    });
        }
        return records;
    }

    static List<Row> rows(Map<Long, String> records) {
        List<Row> rows = new ArrayList<>();
        records.forEach((offset, value) -> rows.add(new Row(offset, value)));
        return rows;
    }

    /// Locations of the files in the table's present snapshot.
    static List<String> files(URI http, String topic) throws IOException {
        try (RESTCatalog catalog = new RESTCatalog()) {
            catalog.initialize("weir", Map.of("uri", http.resolve("/iceberg").toString()));
            List<String> files = new ArrayList<>();
            try (CloseableIterable<FileScanTask> tasks = catalog.loadTable(TableIdentifier.of("lake", topic))
                    .newScan()
                    .planFiles()) {
                tasks.forEach(task -> files.add(task.file().location()));
            }
            return files;
        }
    }

    /// Every row of the table in offset order, as often as it is there.
    static List<Row> table(URI http, String topic) throws IOException {
        try (RESTCatalog catalog = new RESTCatalog()) {
            catalog.initialize("weir", Map.of("uri", http.resolve("/iceberg").toString()));
            Table table = catalog.loadTable(TableIdentifier.of("lake", topic));
            List<Row> rows = new ArrayList<>();
            try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
                for (Record row : records) {
                    rows.add(new Row((Long) row.getField("_offset"), value(row)));
                }
            }
            rows.sort(Comparator.comparing(Row::offset).thenComparing(Row::value));
            return rows;
        }
    }

    /// The value as it was, or as its columns give it back: a flat JSON object of texts and numbers.
    private static String value(Record row) {
        if (row.getField("_raw") instanceof ByteBuffer raw) {
            return StandardCharsets.UTF_8.decode(raw).toString();
        }
        List<String> members = new ArrayList<>();
        List<Types.NestedField> columns = row.struct().fields();
        for (Types.NestedField column : columns.subList(FIXED_COLUMNS, columns.size())) {
            Object member = row.getField(column.name());
            if (member != null) {
                String text = member instanceof String ? "\"" + member + "\"" : member.toString();
                members.add("\"" + column.name() + "\":" + text);
            }
        }
        return "{" + String.join(",", members) + "}";
    }
}
