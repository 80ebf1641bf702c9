package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A task that is killed anywhere goes on exactly behind the last record that was committed.
class SourcePositionTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"ndjson,false", "ndjson,true", "lines,false", "lines,true", "csv,false", "csv,true"})
    void aTaskKilledAtAnyRecordGoesOnBehindIt(String format, boolean gzip) throws Exception {
        // Given a file with blank lines, LF and CR LF, a quoted line end, and no line end at its end
        Path file = write("all." + (gzip ? "gz" : "txt"), content(format), gzip);
        Map<String, String> properties = settings(file, format);
        List<String> whole = SourceRun.values(new SourceRun(folder, properties).toTheEnd());
        assertThat(whole).hasSizeGreaterThanOrEqualTo(4);

        for (int killedBehind = 1; killedBehind <= whole.size(); killedBehind++) {
            // When
            SourceRun run = new SourceRun(folder, properties);
            FileSourceTask task = run.start();
            List<SourceRecord> first = task.poll().subList(0, killedBehind);
            run.commit(first.getLast());
            List<String> joined = new ArrayList<>(SourceRun.values(first));
            joined.addAll(SourceRun.values(run.toTheEnd()));

            // Then
            assertThat(joined).as("killed behind record %s", killedBehind).isEqualTo(whole);
            task.stop();
        }
    }

    @Test
    void valuesAreTheFilesLinesByteForByte() throws Exception {
        // Given bytes that are no UTF-8, blanks at both ends, a NUL and a CR inside
        byte[][] lines = {
            {(byte) 0xff, ' '}, {}, {' ', 0, '\t'}, {'a', '\r', 'b'}, "é€😀".getBytes(StandardCharsets.UTF_8)
        };
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            bytes.write(line);
            bytes.write('\n');
        }
        Path file = Files.write(folder.resolve("raw.txt"), bytes.toByteArray());

        // When
        List<SourceRecord> records = new SourceRun(folder, settings(file, "lines")).toTheEnd();

        // Then
        assertThat(records).extracting(record -> (byte[]) record.value()).containsExactly(lines);
    }

    @Test
    void linesAcrossBufferEndsKeepTheirBytes() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            lines.add("x".repeat(i % 997) + i);
        }
        Path file = write("long.txt", String.join("\r\n", lines), false);

        assertThat(SourceRun.values(new SourceRun(folder, settings(file, "lines")).toTheEnd()))
                .isEqualTo(lines);
    }

    @Test
    void batchesHoldAsManyRecordsAsAsked() throws Exception {
        Path file = write("n.txt", "1\n2\n3\n4\n5\n", false);
        Map<String, String> properties = settings(file, "lines");
        properties.put("batch.records", "2");
        FileSourceTask task = new SourceRun(folder, properties).start();

        assertThat(task.poll()).hasSize(2);
        assertThat(task.poll()).hasSize(2);
        assertThat(task.poll()).hasSize(1);
        assertThat(task.poll()).isNull();
        task.stop();
    }

    @Test
    void joinedGzipMembersAreOneFile() throws Exception {
        Path first = write("1.gz", "a\nb", true);
        Path second = write("2.gz", "c\nd\n", true);
        byte[] joined = new ByteArrayOutputStream() {
            {
                writeBytes(Files.readAllBytes(first));
                writeBytes(Files.readAllBytes(second));
            }
        }.toByteArray();
        Path file = Files.write(folder.resolve("joined.gz"), joined);

        assertThat(SourceRun.values(new SourceRun(folder, settings(file, "lines")).toTheEnd()))
                .containsExactly("a", "bc", "d");
    }

    private static String content(String format) {
        return switch (format) {
            case "ndjson" -> "{\"a\":1}\n\r\n{\"a\": 2}  \r\n\n  {\"a\":\"é\"}\n{\"a\":[{}]}";
            case "lines" -> "one\n\ntwo\r\n three \nfour";
            default -> "a,b\r\n1,2\n\n\"x\ny\",\"q\"\"q\"\r\né,4\n5,6";
        };
    }

    private Path write(String name, String content, boolean gzip) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = gzip ? new GZIPOutputStream(bytes) : bytes) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    private static Map<String, String> settings(Path file, String format) {
        return new HashMap<>(Map.of("path", file.toString(), "format", format, "topic", "t"));
    }
}
