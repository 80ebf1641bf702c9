package io.weir.connect.library.file;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/// Reads files of NDJSON, CSV or plain lines, gzip or not, into a topic, from where it left off. Its settings
/// are described in `docs/reference/file-connectors.md`. One task reads all files, so that the order of the
/// lines is the order of the records; `tasks.max` above 1 changes nothing.
public final class FileSource extends SourceConnector {
    static final String VERSION = "0.1.0";

    private final AllowedFolders allowed;
    private Map<String, String> properties = Map.of();

    /// For Connect, which creates connectors by reflection.
    public FileSource() {
        this(AllowedFolders.current());
    }

    FileSource(AllowedFolders allowed) {
        this.allowed = allowed;
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public ConfigDef config() {
        return FileSourceSettings.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return FileSourceTask.class;
    }

    /// Checks the settings one by one and together, and that the files are there and allowed.
    @Override
    public Config validate(Map<String, String> settings) {
        Config config = super.validate(settings);
        Map<String, @Nullable Object> good = new HashMap<>();
        for (ConfigValue value : config.configValues()) {
            if (value.errorMessages().isEmpty()) {
                good.put(value.name(), value.value());
            }
        }
        for (FileSourceSettings.Problem problem : FileSourceSettings.crossCheck(good, settings)) {
            report(config, problem.setting(), problem.message());
        }
        if (good.get(FileSourceSettings.PATH) instanceof String path) {
            try {
                new Glob(path, allowed).files();
            } catch (ConfigException e) {
                report(config, FileSourceSettings.PATH, String.valueOf(e.getMessage()));
            }
        }
        return config;
    }

    @Override
    public void start(Map<String, String> settings) {
        FileSourceSettings.of(settings);
        properties = Map.copyOf(settings);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return List.of(properties);
    }

    @Override
    public void stop() {
        // tasks hold the files
    }

    /// Records and their positions go into one transaction wherever the worker has exactly-once support on.
    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> settings) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    /// Accepts `{"file": path}` with `{"position": bytes, "line": lines}`, or with null to read the file
    /// again.
    @Override
    public boolean alterOffsets(Map<String, String> settings, Map<Map<String, ?>, Map<String, ?>> offsets) {
        offsets.forEach((partition, offset) -> {
            FilePosition.checkPartition(partition);
            FilePosition.of(offset);
        });
        return true;
    }

    private static void report(Config config, String setting, String message) {
        config.configValues().stream()
                .filter(value -> value.name().equals(setting))
                .forEach(value -> value.addErrorMessage(message));
    }
}
