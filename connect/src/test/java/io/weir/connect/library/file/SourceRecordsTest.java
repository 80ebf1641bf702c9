package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a line becomes, and what becomes of a line that is none.
class SourceRecordsTest {
    @TempDir
    Path folder;

    @Test
    void aJsonLineGivesKeyTimeAndItsOwnBytes() {
        String line = " {\"date\":\"2001-01-01T00:01:00Z\", \"delay\":33.10,\"origin\":\"LAS\"}";
        SourceRecord record = one("ndjson", line, "key.field", "origin", "timestamp.field", "date");

        assertThat(SourceRun.value(record)).isEqualTo(line);
        assertThat(record.key()).isEqualTo("LAS");
        assertThat(record.keySchema()).isEqualTo(Schema.STRING_SCHEMA);
        assertThat(record.valueSchema()).isEqualTo(Schema.BYTES_SCHEMA);
        assertThat(record.timestamp()).isEqualTo(978_307_260_000L);
        assertThat(record.topic()).isEqualTo("t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"k\":\"a\\u00e9\\t-\"}|k|aé\t-",
                "{\"k\":1.50}|k|1.50",
                "{\"k\":true}|k|true",
                "{\"o\":{\"k\":\"no\"},\"k\":\"yes\"}|k|yes",
                "{\"l\":[{\"k\":\"no\"}],\"k\":\"yes\",\"z\":{\"k\":\"no\"}}|k|yes",
                "{\"a\":{\"x\":{\"k\":\"no\"},\"b\":{\"k\":\"yes\"}},\"k\":\"no\"}|a.b.k|yes",
                "{\"a\":[{\"k\":\"no\"}],\"a\":{\"k\":\"yes\"}}|a.k|yes",
            })
    void theKeyIsTheTextOfItsField(String line, String field, String key) {
        assertThat(one("ndjson", line, "key.field", field).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "\"2001-01-01T00:01:00Z\", 978307260000",
        "\"1970-01-01T00:00:00Z\", 0",
        "\"2001-01-01T00:01:00.250Z\", 978307260250",
        "\"2001-01-01T01:01:00+01:00\", 978307260000",
        "978307260000, 978307260000",
        "\"978307260000\", 978307260000",
    })
    void aTimeIsAnInstantOrMilliseconds(String json, long millis) {
        assertThat(one("ndjson", "{\"t\":" + json + "}", "timestamp.field", "t").timestamp())
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "\"soon\"",
                "\"2001-02-30T00:00:00Z\"",
                "\"2001-01-01T25:00:00Z\"",
                "\"20x1-01-01T00:00:00Z\"",
                "\"1969-12-31T23:59:59Z\"",
                "-1",
                "1.5",
                "99999999999999999999",
                "null",
                "{}"
            })
    void aTimeThatIsNoneMakesABadLine(String json) {
        assertThatThrownBy(() -> one("ndjson", "{\"t\":" + json + "}", "timestamp.field", "t"))
                .hasMessageContaining("line 1");
    }

    @Test
    void aConstantTimeIsTheTimeOfEveryRecord() {
        List<SourceRecord> records = all("csv", "a\n1\n2\n", "timestamp.constant", "1970-01-01T00:00:00Z");

        assertThat(records).extracting(SourceRecord::timestamp).containsExactly(0L, 0L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]",
                "7",
                "\"x\"",
                "{",
                "{\"a\":1}}",
                "{\"a\":1} {\"a\":2}",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":\"\t\"}",
                "{\"a\":NaN}",
                "nothing",
                "{\u0000\"\u0000a\u0000\"\u0000:\u00001\u0000}\u0000",
            })
    void whatIsNoJsonObjectIsABadLine(String line) {
        assertThatThrownBy(() -> all("ndjson", "{\"ok\":1}\n{\"ok\":2}\n" + line + "\n"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("in.txt', line 3: ")
                .hasMessageContaining("dead.letter.topic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"k\":null}", "{\"k\":{}}", "{\"k\":[]}", "{\"o\":{\"k\":1}}"})
    void aLineWithoutItsKeyIsABadLine(String line) {
        assertThatThrownBy(() -> one("ndjson", line, "key.field", "k")).hasMessageContaining("key.field 'k'");
    }

    @Test
    void recordsInFrontOfABadLineAreHandedOverBeforeTheTaskFails() throws Exception {
        write("{\"n\":1}\n{\"n\":2}\nbad\n");
        FileSourceTask task = new SourceRun(folder, settings("ndjson")).start();

        assertThat(SourceRun.values(task.poll())).containsExactly("{\"n\":1}", "{\"n\":2}");
        assertThatThrownBy(task::poll).hasMessageContaining("line 3");
        task.stop();
    }

    @Test
    void badLinesGoToTheDeadLetterTopicWithTheirBytesFileLineAndReason() {
        List<SourceRecord> records = all(
                "ndjson", "{\"n\":1}\nbad é\n\n{\"n\":2}\n", "errors.tolerance", "all", "dead.letter.topic", "dead");

        assertThat(records).extracting(SourceRecord::topic).containsExactly("t", "dead", "t");
        SourceRecord dead = records.get(1);
        assertThat(SourceRun.value(dead)).isEqualTo("bad é");
        assertThat(dead.key()).isNull();
        assertThat(dead.headers().lastWithName("file").value()).isEqualTo(file().toString());
        assertThat(dead.headers().lastWithName("line").value()).isEqualTo("2");
        assertThat(dead.headers().lastWithName("reason").value()).isEqualTo("the line is no JSON object in UTF-8");
    }

    @Test
    void aReasonHoldsNothingOfTheContent() {
        assertThatThrownBy(() -> one("ndjson", "{\"password\":hunter2}"))
                .hasMessageNotContaining("hunter2")
                .hasMessageContaining("at byte");
    }

    @Test
    void aLineBeyondTheLimitIsABadLineAndTheNextOneIsGood() {
        List<SourceRecord> records = all(
                "lines",
                "12345678\n123456789\n\r\n" + "x".repeat(400_000) + "\nlast",
                "line.max.bytes",
                "8",
                "errors.tolerance",
                "all",
                "dead.letter.topic",
                "dead");

        assertThat(SourceRun.values(records)).containsExactly("12345678", "12345678", "", "xxxxxxxx", "last");
        assertThat(records).extracting(SourceRecord::topic).containsExactly("t", "dead", "t", "dead", "t");
        assertThat(records.get(3).headers().lastWithName("line").value()).isEqualTo("4");
    }

    @Test
    void csvRowsBecomeObjectsInHeaderOrder() {
        List<SourceRecord> records = all(
                "csv",
                "iata,\"na\"\"me\",city\r\n35A,\"Union County, Troy\",Union\r\n\r\n53A,\"a \"\"b\"\"\nc\",\nBTR,é😀,\"\"\n",
                "key.field",
                "iata");

        assertThat(SourceRun.values(records))
                .containsExactly(
                        "{\"iata\":\"35A\",\"na\\\"me\":\"Union County, Troy\",\"city\":\"Union\"}",
                        "{\"iata\":\"53A\",\"na\\\"me\":\"a \\\"b\\\"\\nc\",\"city\":\"\"}",
                        "{\"iata\":\"BTR\",\"na\\\"me\":\"é😀\",\"city\":\"\"}");
        assertThat(records).extracting(SourceRecord::key).containsExactly("35A", "53A", "BTR");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "1|the row has 1 fields, the header has 2",
                "1,2,3|the row has 3 fields, the header has 2",
                "\"1\"x,2|field 1 goes on behind its closing quote",
                "1,x\"y\"|field 2 holds a quote but is not quoted",
                "1,\"open|a quoted field is not closed",
                ",2|key.field 'a' is empty",
            })
    void aRowThatBreaksRfc4180IsABadLineAndItsNeighboursAreNot(String row, String reason) {
        List<SourceRecord> records = all(
                "csv",
                "a,b\n1,2\n" + row + "\n3,4\n",
                "key.field",
                "a",
                "errors.tolerance",
                "all",
                "dead.letter.topic",
                "dead");

        assertThat(records).extracting(SourceRecord::topic).containsExactly("t", "dead", "t");
        assertThat(SourceRun.value(records.get(1))).isEqualTo(row);
        assertThat(records.get(1).headers().lastWithName("reason").value()).isEqualTo(reason);
        assertThat(records.get(1).headers().lastWithName("line").value()).isEqualTo("3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {"a,a|'a' twice", "a,|without a name", "b,c|no column 'a' for key.field", "\"a,b|not closed"})
    void aBadHeaderFailsTheTaskAndNamesTheFile(String header, String reason) {
        assertThatThrownBy(() -> all(
                        "csv",
                        header + "\n1,2\n",
                        "key.field",
                        "a",
                        "errors.tolerance",
                        "all",
                        "dead.letter.topic",
                        "d"))
                .hasMessageContaining("in.txt', line 1: ")
                .hasMessageContaining(reason);
    }

    @Test
    void anotherDelimiterIsObeyed() {
        assertThat(SourceRun.values(all("csv", "a;b\n1,5;\"x;y\"\n", "csv.delimiter", ";")))
                .containsExactly("{\"a\":\"1,5\",\"b\":\"x;y\"}");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstField() {
        assertThat(SourceRun.values(all("csv", "\uFEFFa\n1\n"))).containsExactly("{\"a\":\"1\"}");
        assertThat(SourceRun.values(all("ndjson", "\uFEFF{\"a\":1}\n"))).containsExactly("{\"a\":1}");
        assertThat(SourceRun.values(all("lines", "\uFEFFa\n"))).containsExactly("\uFEFFa");
    }

    @Test
    void anEmptyFileHasNoRecords() {
        assertThat(all("csv", "")).isEmpty();
        assertThat(all("csv", "a,b\n")).isEmpty();
        assertThat(all("ndjson", "")).isEmpty();
        assertThat(all("lines", "")).isEmpty();
    }

    @Test
    void severalFilesAreReadInNameOrderEachWithItsOwnPosition() throws Exception {
        Files.writeString(folder.resolve("2.log"), "c\nd\n");
        Files.writeString(folder.resolve("1.log"), "a\nb\n");
        Map<String, String> settings = settings("lines");
        settings.put("path", folder + "/*.log");
        SourceRun run = new SourceRun(folder, settings);
        FileSourceTask task = run.start();
        List<SourceRecord> first = task.poll();
        task.stop();

        assertThat(SourceRun.values(first)).containsExactly("a", "b", "c", "d");
        first.subList(0, 3).forEach(run::commit);
        Files.writeString(folder.resolve("0.log"), "new\n");
        assertThat(SourceRun.values(run.toTheEnd())).containsExactly("new", "d");
    }

    @Test
    void aFileThatShrankIsAnErrorAndNotSilence() throws Exception {
        write("one\ntwo\n");
        SourceRun run = new SourceRun(folder, settings("lines"));
        assertThat(run.toTheEnd()).hasSize(2);
        write("o\n");

        assertThatThrownBy(run::toTheEnd)
                .hasMessageContaining("must not shrink")
                .hasMessageContaining("in.txt");
    }

    @Test
    void aCutGzipFileHandsOverWhatItHasAndThenFails() throws Exception {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(bytes)) {
            for (int i = 0; i < 100_000; i++) {
                gzip.write((Integer.toHexString(i * 7919) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        Files.write(file(), Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
        Map<String, String> settings = settings("lines");
        settings.put("compression", "gzip");
        FileSourceTask task = new SourceRun(folder, settings).start();

        assertThat(task.poll()).hasSize(10_000);
        assertThatThrownBy(() -> {
                    while (true) {
                        task.poll();
                    }
                })
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("in.txt")
                .hasMessageContaining("cannot be read");
        task.stop();
    }

    private SourceRecord one(String format, String line, String... more) {
        List<SourceRecord> records = all(format, line + "\n", more);
        assertThat(records).hasSize(1);
        return records.getFirst();
    }

    private List<SourceRecord> all(String format, String content, String... more) {
        write(content);
        Map<String, String> settings = settings(format);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return new SourceRun(folder, settings).toTheEnd();
    }

    private Path file() {
        return folder.resolve("in.txt");
    }

    private void write(String content) {
        try {
            Files.writeString(file(), content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> settings(String format) {
        return new HashMap<>(Map.of("path", file().toString(), "format", format, "topic", "t"));
    }
}
