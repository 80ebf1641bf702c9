package io.weir.connect.library.file;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/// Writes topics into files of NDJSON or CSV, each record once, also over crashes: a finished file's name
/// says which offsets it holds. Its settings are described in `docs/reference/file-connectors.md`. To write a
/// topic again, remove its files and reset the connector's offsets.
public final class FileSink extends SinkConnector {
    private final AllowedFolders allowed;
    private Map<String, String> properties = Map.of();

    /// For Connect, which creates connectors by reflection.
    public FileSink() {
        this(AllowedFolders.current());
    }

    FileSink(AllowedFolders allowed) {
        this.allowed = allowed;
    }

    @Override
    public String version() {
        return FileSource.VERSION;
    }

    @Override
    public ConfigDef config() {
        return FileSinkSettings.DEFINITION;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return FileSinkTask.class;
    }

    /// Checks the settings one by one and together, and that the folder is allowed.
    @Override
    public Config validate(Map<String, String> settings) {
        Config config = super.validate(settings);
        Map<String, Object> good = new HashMap<>();
        for (ConfigValue value : config.configValues()) {
            if (value.errorMessages().isEmpty() && value.value() != null) {
                good.put(value.name(), value.value());
            }
        }
        check(config, FileSinkSettings.FOLDER, () -> {
            if (good.get(FileSinkSettings.FOLDER) instanceof String folder) {
                allowed.creatable(folder);
            }
        });
        check(config, FileSinkSettings.COLUMNS, () -> {
            if (good.get(FileSinkSettings.FORMAT) instanceof String format
                    && good.get(FileSinkSettings.COLUMNS) instanceof List<?> columns) {
                FileSinkSettings.columns(SinkFormat.of(format), columns);
            }
        });
        return config;
    }

    @Override
    public void start(Map<String, String> settings) {
        FileSinkSettings.of(settings);
        properties = Map.copyOf(settings);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    @Override
    public void stop() {
        // tasks hold the files
    }

    private static void check(Config config, String setting, Runnable rule) {
        try {
            rule.run();
        } catch (ConfigException e) {
            config.configValues().stream()
                    .filter(value -> value.name().equals(setting))
                    .forEach(value -> value.addErrorMessage(String.valueOf(e.getMessage())));
        }
    }
}
