package io.weir.log.wiring;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import io.weir.log.fault.WeirException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/// Gives HTTP the port of the last start when none is set (or 0, a free one), as the Kafka listeners have it:
/// HTTP opens before the node, so it must be known as configuration.
public final class KeptHttpPort implements ConfigSourceFactory {
    /// Above `application.properties`, below environment and command line.
    private static final int ORDINAL = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String set = value(context, "weir.http.port");
        boolean open = set == null || set.equals("0");
        if (!open || "external".equals(value(context, "weir.log.mode"))) {
            return List.of();
        }
        String data = value(context, "weir.data.dir");
        int kept = kept(Path.of(data == null ? "weir-data" : data).toAbsolutePath());
        return kept == 0
                ? List.of()
                : List.of(new PropertiesConfigSource(
                        Map.of("quarkus.http.port", Integer.toString(kept)), "Weir's kept ports", ORDINAL));
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
