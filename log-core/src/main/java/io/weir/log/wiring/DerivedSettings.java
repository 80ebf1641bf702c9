package io.weir.log.wiring;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.weir.log.fault.WeirException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/// Quarkus settings that follow from Weir's and from the data directory, and that Quarkus needs before any bean
/// exists: the HTTP port of the last start when none is set (or 0, a free one), and no log file where there is no
/// folder for it.
public final class DerivedSettings implements ConfigSourceFactory {
    /// Above `application.properties`, below environment and command line.
    private static final int ORDINAL = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String data = value(context, "weir.data.dir");
        Path directory = Path.of(data == null ? "weir-data" : data).toAbsolutePath();
        boolean external = "external".equals(value(context, "weir.log.mode"));
        Map<String, String> derived = new HashMap<>();
        if (external || !isUsable(directory)) {
            derived.put("quarkus.log.file.enabled", "false");
        }
        String port = value(context, "weir.http.port");
        if (!external && (port == null || port.equals("0"))) {
            int kept = kept(directory);
            if (kept != 0) {
                derived.put("quarkus.http.port", Integer.toString(kept));
            }
        }
        return derived.isEmpty()
                ? List.of()
                : List.of(new PropertiesConfigSource(derived, "Weir's derived settings", ORDINAL));
    }

    /// Whether it is a folder that can be written or can be made one.
    private static boolean isUsable(Path directory) {
        for (Path folder = directory; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder)) {
                return Files.isDirectory(folder) && Files.isWritable(folder);
            }
        }
        return false;
    }

    private static int kept(Path dataDirectory) {
        try {
            return KeptPorts.http(dataDirectory);
        } catch (WeirException e) {
            return 0; // the node says what is wrong with the file when it prepares
        }
    }

    private static @Nullable String value(ConfigSourceContext context, String name) {
        ConfigValue value = context.getValue(name);
        return value == null ? null : value.getValue();
    }
}
