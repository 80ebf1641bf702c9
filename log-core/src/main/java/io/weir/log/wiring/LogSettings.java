package io.weir.log.wiring;

import io.weir.log.cluster.KnownSettings;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.net.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/// The log's settings as they stand in files, environment and on the command line; errors name the setting.
final class LogSettings {
    static final KnownSettings KNOWN = KnownSettings.of(
            "weir.roles",
            "weir.rack",
            "weir.data.dir",
            "weir.advertised.host",
            "weir.insecure.allow",
            "weir.shutdown.timeout",
            "weir.cluster.size",
            "weir.cluster.found",
            "weir.cluster.join",
            "weir.cluster.id",
            "weir.cluster.node.id",
            "weir.log.mode",
            "weir.log.bootstrap.servers",
            "weir.log.host",
            "weir.log.port",
            "weir.log.controller.port",
            "weir.log.durability",
            "weir.http.host",
            "weir.http.port",
            LogRestProducers.TAILS_MAX);

    private static final String KAFKA = "kafka.";
    private static final String KAFKA_CLIENT = "kafka.client.";

    private final Config config;

    LogSettings(Config config) {
        this.config = config;
    }

    Path dataDirectory() {
        return Path.of(text("weir.data.dir").orElse("weir-data"))
                .toAbsolutePath()
                .normalize();
    }

    /// `weir.log.mode`: whether this process runs its own engine or is a client of an existing cluster.
    boolean external() {
        String mode = text("weir.log.mode").orElse("embedded");
        return switch (mode) {
            case "external" -> true;
            case "embedded" -> false;
            default -> throw invalid("weir.log.mode", "it is embedded or external", mode);
        };
    }

    List<String> roles() {
        return words("weir.roles");
    }

    /// The addresses of an existing cluster.
    String bootstrapServers() {
        return text("weir.log.bootstrap.servers")
                .orElseThrow(() -> new WeirException(
                        "setting-missing",
                        Whose.USER,
                        "Setting 'weir.log.bootstrap.servers': with weir.log.mode=external it names the Kafka cluster"
                                + " (host:port,host:port), got none."));
    }

    Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }

    List<String> words(String name) {
        return text(name)
                .map(value -> Stream.of(value.split(",", -1))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    boolean flag(String name) {
        return text(name)
                .map(value -> switch (value) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw invalid(name, "it is true or false", value);
                })
                .orElse(false);
    }

    /// As `flag`, but anything that is not `true` counts as false: the complaint comes from elsewhere.
    boolean flagOrFalse(String name) {
        return text(name).filter("true"::equals).isPresent();
    }

    OptionalInt number(String name) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(value.get()));
        } catch (NumberFormatException e) {
            throw invalid(name, "it is a whole number", value.get());
        }
    }

    /// A port as set, else the one kept from an earlier start, else the usual one.
    int port(String name, int kept, int usual) {
        OptionalInt set = number(name);
        if (set.isEmpty()) {
            return kept == 0 ? usual : kept;
        }
        if (set.getAsInt() < 0 || set.getAsInt() > 65_535) {
            throw invalid(name, "a port is 0 (a free one) to 65535", Integer.toString(set.getAsInt()));
        }
        return set.getAsInt();
    }

    Duration duration(String name, Duration otherwise) {
        try {
            Duration value = config.getOptionalValue(name, Duration.class).orElse(otherwise);
            if (value.isNegative() || value.isZero()) {
                throw invalid(name, "it is longer than nothing", value.toString());
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw invalid(name, "it is a duration such as 30s or 2m", text(name).orElse(""));
        }
    }

    /// `kafka.*` without its prefix and without what is meant for clients.
    Map<String, String> brokerProperties() {
        return below(KAFKA, KAFKA_CLIENT);
    }

    /// `kafka.client.*`: what every Kafka client of this process gets.
    Map<String, String> clientProperties() {
        return below(KAFKA_CLIENT, "\0");
    }

    private Map<String, String> below(String prefix, String except) {
        Map<String, String> found = new HashMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(prefix) && !name.startsWith(except)) {
                text(name).ifPresent(value -> found.put(name.substring(prefix.length()), value));
            }
        }
        return found;
    }

    String httpHost() {
        return config.getOptionalValue("quarkus.http.host", String.class).orElse("127.0.0.1");
    }

    int httpPort() {
        return config.getOptionalValue("quarkus.http.port", Integer.class).orElse(8080);
    }

    /// Whether HTTP too is reached by this machine only.
    boolean httpIsLoopback() {
        return Ports.isLoopback(httpHost());
    }

    static WeirException invalid(String name, String rule, String value) {
        return new WeirException(
                "setting-invalid", Whose.USER, "Setting '" + name + "': " + rule + ", got '" + value + "'.");
    }
}
