package io.weir.connect.library.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.api.Test;

/// The reference page says what the code says. To print it again: `-Dweir.docs.write=true`.
class FileConnectorsPageTest {
    private static final Path PAGE = Path.of("../docs/reference/file-connectors.md");
    private static final Path EXAMPLES =
            Path.of("../deploy/examples").toAbsolutePath().normalize();

    @Test
    void generatedReferencePagesAreCurrent() throws IOException {
        String page = Files.readString(PAGE);
        String current = withTable(page, "FileSource", FileSourceSettings.DEFINITION);
        current = withTable(current, "FileSink", FileSinkSettings.DEFINITION);
        if (Boolean.getBoolean("weir.docs.write")) {
            Files.writeString(PAGE, current);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(current);
    }

    @Test
    void everyExampleOfThePageIsAccepted() throws IOException {
        List<String> bodies = Pattern.compile("(?s)```json\n(.*?)```")
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(bodies).hasSizeGreaterThanOrEqualTo(3);
        for (String body : bodies) {
            assertThat(errors(body)).as(body).isEmpty();
        }
    }

    @Test
    void everyShippedConnectorIsAccepted() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve("connectors"))) {
            List<Path> bodies =
                    files.filter(file -> file.toString().endsWith(".json")).toList();
            assertThat(bodies).hasSizeGreaterThanOrEqualTo(3);
            for (Path body : bodies) {
                assertThat(errors(Files.readString(body))).as(body.toString()).isEmpty();
            }
        }
    }

    private static List<String> errors(String body) throws IOException {
        String filled = body.replace("${examples}", EXAMPLES.toString()).replace("${out}", EXAMPLES + "/target/out");
        Map<String, String> settings = new HashMap<>();
        new ObjectMapper()
                .readTree(filled.getBytes(StandardCharsets.UTF_8))
                .get("config")
                .properties()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
        AllowedFolders allowed = AllowedFolders.of(List.of(EXAMPLES));
        Connector connector = settings.get("connector.class").endsWith("FileSource")
                ? new FileSource(allowed)
                : new FileSink(allowed);
        Config config = connector.validate(settings);
        return config.configValues().stream()
                .flatMap(value -> value.errorMessages().stream())
                .toList();
    }

    private static String withTable(String page, String connector, ConfigDef definition) {
        String begin = "<!-- settings of " + connector + ", printed from the code -->\n";
        return Pattern.compile(Pattern.quote(begin) + "(?s).*?<!-- end -->")
                .matcher(page)
                .replaceFirst(Matcher.quoteReplacement(begin + table(definition) + "<!-- end -->"));
    }

    private static String table(ConfigDef definition) {
        StringBuilder table = new StringBuilder("| Setting | Default | Meaning |\n|---|---|---|\n");
        for (String name : definition.names()) {
            ConfigDef.ConfigKey key = definition.configKeys().get(name);
            table.append("| `")
                    .append(name)
                    .append("` | ")
                    .append(defaultOf(key))
                    .append(" | ");
            table.append(key.documentation.replace("|", "\\|")).append(" |\n");
        }
        return table.toString();
    }

    private static String defaultOf(ConfigDef.ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        boolean none = key.defaultValue == null || key.defaultValue.equals(List.of());
        return none ? "" : "`" + key.defaultValue + "`";
    }
}
