package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong with a connector's settings is said before it is created, at the setting that is wrong.
class FileSourceValidationTest {
    @TempDir
    Path folder;

    private final Map<String, String> settings = new HashMap<>();

    @BeforeEach
    void goodSettings() throws IOException {
        Path file = Files.writeString(folder.resolve("in.csv"), "a\n1\n");
        settings.putAll(Map.of("path", file.toString(), "format", "csv", "topic", "t"));
    }

    @Test
    void goodSettingsHaveNoErrors() {
        assertThat(errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path|/etc/passwd|allowed folder",
                "path|relative.csv|must be absolute",
                "format|xml|ndjson, csv, lines",
                "topic|no blanks|must be a topic name",
                "timestamp.constant|yesterday|ISO 8601",
                "timestamp.constant|1969-01-01T00:00:00Z|not before 1970",
                "csv.delimiter|ab|one ASCII character",
                "batch.records|0|at least 1",
                "compression|zip|auto, none, gzip",
                "dead.letter.topic|dead|errors.tolerance=all",
            })
    void aWrongSettingIsReportedWhereItStands(String setting, String value, String message) {
        settings.put(setting, value);

        assertThat(errors()).containsOnlyKeys(setting);
        assertThat(errors().get(setting)).contains(message);
    }

    @Test
    void missingSettingsAreReported() {
        settings.clear();

        assertThat(errors()).containsOnlyKeys("path", "format", "topic");
    }

    @Test
    void settingsThatExcludeEachOtherAreReported() {
        settings.put("timestamp.field", "a");
        settings.put("timestamp.constant", "1970-01-01T00:00:00Z");
        assertThat(errors()).containsOnlyKeys("timestamp.constant");
    }

    @Test
    void badLinesMayNotVanish() {
        settings.put("errors.tolerance", "all");
        assertThat(errors()).containsOnlyKeys("dead.letter.topic");
    }

    @Test
    void linesHaveNoFields() {
        settings.put("format", "lines");
        settings.put("key.field", "a");
        assertThat(errors()).containsOnlyKeys("key.field");
    }

    @Test
    void recordsAndPositionsCanShareATransaction() {
        assertThat(source().exactlyOnceSupport(settings)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }

    @Test
    void connectFindsBothConnectors() {
        assertThat(ServiceLoader.load(SourceConnector.class)).anyMatch(FileSource.class::isInstance);
        assertThat(ServiceLoader.load(SinkConnector.class)).anyMatch(FileSink.class::isInstance);
    }

    private FileSource source() {
        return new FileSource(AllowedFolders.of(List.of(folder)));
    }

    private Map<String, String> errors() {
        Map<String, String> errors = new HashMap<>();
        for (ConfigValue value : source().validate(settings).configValues()) {
            if (!value.errorMessages().isEmpty()) {
                errors.put(value.name(), String.join(" ", value.errorMessages()));
            }
        }
        return errors;
    }
}
