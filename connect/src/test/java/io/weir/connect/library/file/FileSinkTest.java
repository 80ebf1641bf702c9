package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every record becomes one row once, in files that appear whole.
class FileSinkTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);

    @TempDir
    Path root;

    private final Map<String, String> settings = new HashMap<>(Map.of("format", "ndjson"));
    private final List<SinkRecord> errant = new ArrayList<>();
    private ErrantRecordReporter reporter;

    @Test
    void aFileAppearsWholeUnderTheNameOfItsOffsets() throws IOException {
        FileSinkTask task = started();
        task.put(records(5, 9));
        assertThat(visible()).isEmpty();

        task.preCommit(offsets(9));

        assertThat(visible()).containsExactly("orders-3-00000000000000000005-00000000000000000008.ndjson");
        assertThat(rows()).containsExactly(numbers(5, 9));
        task.stop();
    }

    @Test
    void aFileEndsAtItsNumberOfRecords() {
        settings.put("records.per.file", "2");
        FileSinkTask task = started();
        task.put(records(0, 5));

        assertThat(visible())
                .containsExactly(
                        "orders-3-00000000000000000000-00000000000000000001.ndjson",
                        "orders-3-00000000000000000002-00000000000000000003.ndjson");
        task.stop();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aCrashAnywhereDoublesAndLosesNoRow(int crashBefore) throws IOException {
        // Given a task that finishes a file every three records and is killed without a word
        settings.put("records.per.file", "3");
        FileSinkTask killed = started();
        killed.put(records(0, crashBefore));

        // When Connect, which has committed nothing, starts another and delivers everything again
        FileSinkTask task = started();
        task.put(records(0, 7));
        task.put(records(7, 10));
        task.preCommit(offsets(10));

        // Then
        assertThat(rows()).containsExactly(numbers(0, 10));
        assertThat(hidden()).isEmpty();
        task.stop();
    }

    @Test
    void whatIsNotFinishedWhenAPartitionIsTakenAwayIsWrittenByTheNextOwner() throws IOException {
        FileSinkTask first = started();
        first.put(records(0, 4));
        first.close(Set.of(PARTITION));
        FileSinkTask second = started();
        second.put(records(0, 4));
        second.preCommit(offsets(4));

        assertThat(rows()).containsExactly(numbers(0, 4));
        first.stop();
        second.stop();
    }

    @Test
    void aTaskThatLostItsPartitionUnawaresDoublesNothing() throws IOException {
        // Given a paused task, and a successor that has written its records
        FileSinkTask paused = started();
        paused.put(records(0, 3));
        FileSinkTask successor = started();
        successor.put(records(0, 5));
        successor.preCommit(offsets(5));

        // When
        assertThatThrownBy(() -> paused.preCommit(offsets(3))).isInstanceOf(ConnectException.class);

        // Then
        assertThat(rows()).containsExactly(numbers(0, 5));
        paused.stop();
        successor.stop();
    }

    @Test
    void filesThatWereTakenAwayAreNotWrittenAgain() throws IOException {
        FileSinkTask first = started();
        first.put(records(0, 4));
        first.preCommit(offsets(4));
        first.stop();
        for (String name : visible()) {
            Files.delete(out().resolve(name));
        }
        FileSinkTask second = started();
        second.put(records(4, 6));
        second.preCommit(offsets(6));

        assertThat(rows()).containsExactly(numbers(4, 6));
        second.stop();
    }

    @Test
    void filesWhoseRangesOverlapAreRefused() throws IOException {
        Files.createDirectories(out());
        Files.createFile(out().resolve("orders-3-00000000000000000000-00000000000000000005.ndjson"));
        Files.createFile(out().resolve("orders-3-00000000000000000004-00000000000000000009.ndjson"));

        assertThatThrownBy(this::started).hasMessageContaining("must begin behind offset 5");
    }

    @Test
    void anotherTopicsFilesProveNothing() throws IOException {
        Files.createDirectories(out());
        Files.createFile(out().resolve("orders-3-1-00000000000000000000-00000000000000000005.ndjson"));
        Files.createFile(out().resolve("orders-3-00000000000000000000-00000000000000000005.csv"));
        FileSinkTask task = started();
        task.put(records(0, 2));
        task.preCommit(offsets(2));

        assertThat(visible()).contains("orders-3-00000000000000000000-00000000000000000001.ndjson");
        task.stop();
    }

    @Test
    void ndjsonKeepsBytesAndPutsPrettyJsonOnOneLine() throws IOException {
        FileSinkTask task = started();
        task.put(List.of(
                record(0, null, "{\"a\": 1.10, \"b\":\"\\n\"}"),
                record(1, null, "{\n  \"a\": 1\r\n}"),
                record(2, null, null)));
        task.preCommit(offsets(3));

        assertThat(rows()).containsExactly("{\"a\": 1.10, \"b\":\"\\n\"}", "{   \"a\": 1  }");
        task.stop();
    }

    @Test
    void csvTakesCellsFromKeyValueAndRecord() throws IOException {
        settings.put("format", "csv");
        settings.put(
                "columns",
                "key.key as origin, key.window_start, value.flights, value.airport.city as city, value.tags,"
                        + " value.none, value.empty, partition, offset, timestamp");
        FileSinkTask task = started();
        task.put(List.of(record(
                7,
                "{\"key\":\"LAS\",\"window_start\":\"2001-01-01T00:00:00Z\",\"window_end\":\"x\"}",
                "{\"flights\":1.50,\"airport\":{\"city\":\"Las \\\"V\\\", NV\"},\"tags\":[1, {\"a\":2}],"
                        + "\"none\":null,\"empty\":\"\",\"unused\":9}")));
        task.preCommit(offsets(8));

        assertThat(content())
                .isEqualTo("origin,window_start,flights,city,tags,none,empty,partition,offset,timestamp\n"
                        + "LAS,2001-01-01T00:00:00Z,1.50,\"Las \"\"V\"\", NV\",\"[1, {\"\"a\"\":2}]\",,\"\",3,7,"
                        + "1970-01-01T00:00:01Z\n");
        task.stop();
    }

    @Test
    void csvWithoutColumnsTakesThoseOfTheFirstRecordAndRefusesOthers() throws IOException {
        settings.put("format", "csv");
        reporter = (record, error) -> {
            errant.add(record);
            return null;
        };
        FileSinkTask task = started();
        task.put(List.of(
                record(0, null, "{\"b\":1,\"a\":{\"x\":1}}"),
                record(1, null, "{\"a\":2}"),
                record(2, null, "{\"a\":2,\"c\":3}"),
                record(3, null, "{\"b\":\"x\\ny\"}")));
        task.preCommit(offsets(4));

        assertThat(content()).isEqualTo("b,a\n1,\"{\"\"x\"\":1}\"\n,2\n\"x\ny\",\n");
        assertThat(errant).extracting(SinkRecord::kafkaOffset).containsExactly(2L);
        task.stop();
    }

    @Test
    void whatTheSinkWritesTheSourceReads() throws IOException {
        settings.put("format", "csv");
        FileSinkTask task = started();
        task.put(List.of(
                record(0, null, "{\"a\":\"x,\\\"y\\\"\\r\\nz\",\"b\":\"é\"}"),
                record(1, null, "{\"a\":\"\",\"b\":\"2\"}")));
        task.preCommit(offsets(2));
        task.stop();

        assertThat(SourceRun.values(new SourceRun(root, Map.of("path", out() + "/*.csv", "format", "csv", "topic", "t"))
                        .toTheEnd()))
                .containsExactly("{\"a\":\"x,\\\"y\\\"\\r\\nz\",\"b\":\"é\"}", "{\"a\":\"\",\"b\":\"2\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "[1]", "{\"a\":1} {}", "{\"a\":"})
    void aRecordThatIsNoRowFailsTheTaskAndNamesItsOffset(String value) {
        for (String format : List.of("ndjson", "csv")) {
            settings.put("format", format);
            FileSinkTask task = started();
            assertThatThrownBy(() -> task.put(List.of(record(42, null, value))))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Topic 'orders', partition 3, offset 42: the value is");
            task.stop();
        }
    }

    @Test
    void aFolderOutsideIsRefused() {
        settings.put("folder", "/etc/weir");
        assertThatThrownBy(this::started).hasMessageContaining("allowed folder");
    }

    private FileSinkTask started() {
        settings.putIfAbsent("folder", out().toString());
        settings.put("topics", "orders");
        FileSinkTask task = new FileSinkTask(AllowedFolders.of(List.of(root)));
        task.initialize(new Context());
        task.start(settings);
        task.open(Set.of(PARTITION));
        return task;
    }

    private Path out() {
        return root.resolve("out");
    }

    private static SinkRecord record(long offset, String key, String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        return new SinkRecord("orders", 3, null, key, null, bytes, offset, 1000L, TimestampType.CREATE_TIME);
    }

    private static List<SinkRecord> records(int from, int to) {
        List<SinkRecord> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(record(i, null, "{\"n\":" + i + "}"));
        }
        return records;
    }

    private static String[] numbers(int from, int to) {
        return records(from, to).stream()
                .map(record -> new String((byte[]) record.value(), StandardCharsets.UTF_8))
                .toArray(String[]::new);
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(long next) {
        return Map.of(PARTITION, new OffsetAndMetadata(next));
    }

    private List<String> visible() {
        return names().stream().filter(name -> !name.startsWith(".")).toList();
    }

    private List<String> hidden() {
        return names().stream().filter(name -> name.startsWith(".")).toList();
    }

    private List<String> names() {
        if (!Files.isDirectory(out())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(out())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String content() throws IOException {
        StringBuilder content = new StringBuilder();
        for (String name : visible()) {
            content.append(Files.readString(out().resolve(name)));
        }
        return content.toString();
    }

    private List<String> rows() throws IOException {
        return content().lines().toList();
    }

    private final class Context implements SinkTaskContext {
        @Override
        public Map<String, String> configs() {
            return settings;
        }

        @Override
        public void offset(Map<TopicPartition, Long> offsets) {}

        @Override
        public void offset(TopicPartition tp, long offset) {}

        @Override
        public void timeout(long timeoutMs) {}

        @Override
        public Set<TopicPartition> assignment() {
            return Set.of(PARTITION);
        }

        @Override
        public void pause(TopicPartition... partitions) {}

        @Override
        public void resume(TopicPartition... partitions) {}

        @Override
        public void requestCommit() {}

        @Override
        public ErrantRecordReporter errantRecordReporter() {
            return reporter;
        }

        @Override
        public org.apache.kafka.common.metrics.PluginMetrics pluginMetrics() {
            return null;
        }
    }
}
