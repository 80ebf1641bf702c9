package io.weir.connect.wiring;

import io.weir.connect.worker.WorkerSettings;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/// `weir.connect.*` as it stands in files, environment and on the command line; errors name the setting.
final class ConnectSettings {
    static final String FILES_ALLOWED = "weir.connect.files.allowed";
    static final String MASK = "weir.connect.mask";
    static final String PLUGIN_PATH = "weir.connect.plugin.path";
    static final String REST_RETRY = "weir.connect.rest.retry";
    static final String REST_URL = "weir.connect.rest.url";
    static final String WORKER = "weir.connect.worker.";

    private static final String WORKER_VARIABLE = "WEIR_CONNECT_WORKER_";
    private static final Duration DEFAULT_RETRY = Duration.ofSeconds(20);

    private final Config config;

    ConnectSettings(Config config) {
        this.config = config;
    }

    static KnownSettings known() {
        return new KnownSettings() {
            @Override
            public Set<String> names() {
                return Set.of(FILES_ALLOWED, MASK, PLUGIN_PATH, REST_RETRY, REST_URL);
            }

            @Override
            public Set<String> openPrefixes() {
                return Set.of(WORKER);
            }
        };
    }

    /// Whether `weir.roles` names `connect`; without that setting a node has every role.
    boolean roleIsOurs() {
        List<String> roles = words("weir.roles");
        return roles.isEmpty() || roles.stream().anyMatch(role -> role.equalsIgnoreCase("connect"));
    }

    /// The roles as they are written, for messages.
    String roles() {
        return String.join(",", words("weir.roles"));
    }

    /// @throws WeirException a setting that cannot be used
    WorkerSettings worker() {
        return new WorkerSettings(retry(), masked(), pluginPath(), workerProperties());
    }

    /// Folders that file connectors may use; by default `files` in the data directory.
    List<Path> filesAllowed() {
        List<String> set = words(FILES_ALLOWED);
        return set.isEmpty()
                ? List.of(dataDirectory().resolve("files"))
                : set.stream().map(ConnectSettings::folder).toList();
    }

    /// Where other workers reach this one.
    ///
    /// @param httpPort the port that HTTP has really bound
    URI restUrl(int httpPort) {
        Optional<String> set = text(REST_URL);
        if (set.isPresent()) {
            return url(set.get());
        }
        String host = text("weir.advertised.host")
                .orElseGet(() -> text("quarkus.http.host").orElse("127.0.0.1"));
        String root = text("quarkus.http.root-path").orElse("/");
        return URI.create("http://" + host + ":" + httpPort + (root.endsWith("/") ? root : root + "/"));
    }

    private static URI url(String text) {
        try {
            URI url = URI.create(text.endsWith("/") ? text : text + "/");
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw invalid(REST_URL, "it is an http or https URL with a host", text, e);
        }
        throw invalid(REST_URL, "it is an http or https URL with a host", text, null);
    }

    private Duration retry() {
        try {
            return config.getOptionalValue(REST_RETRY, Duration.class).orElse(DEFAULT_RETRY);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    REST_RETRY,
                    "it is a duration such as 20s, or 0",
                    text(REST_RETRY).orElse(""),
                    e);
        }
    }

    private boolean masked() {
        String value = text(MASK).orElse("true");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(MASK, "it is true or false", value, null);
        };
    }

    /// As set, each of which must exist; by default `plugins` in the data directory when that exists.
    private List<Path> pluginPath() {
        List<Path> set =
                words(PLUGIN_PATH).stream().map(ConnectSettings::folder).toList();
        Path usual = dataDirectory().resolve("plugins");
        if (set.isEmpty()) {
            return Files.isDirectory(usual) ? List.of(usual) : List.of();
        }
        for (Path folder : set) {
            if (!Files.isDirectory(folder)) {
                throw invalid(PLUGIN_PATH, "each entry is a folder that exists", folder.toString(), null);
            }
        }
        return set;
    }

    /// Connect's own keys hold dots only, so the form of environment variables can be undone.
    private Map<String, String> workerProperties() {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(WORKER_VARIABLE)) {
                String key = name.substring(WORKER_VARIABLE.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                text(name).ifPresent(value -> properties.putIfAbsent(key, value));
            }
        }
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(WORKER)) {
                text(name).ifPresent(value -> properties.put(name.substring(WORKER.length()), value));
            }
        }
        return properties;
    }

    private Path dataDirectory() {
        return folder(text("weir.data.dir").orElse("weir-data"));
    }

    private static Path folder(String text) {
        return Path.of(text).toAbsolutePath().normalize();
    }

    private Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }

    private List<String> words(String name) {
        return text(name)
                .map(value -> Stream.of(value.split(",", -1))
                        .map(String::strip)
                        .filter(word -> !word.isEmpty())
                        .toList())
                .orElse(List.of());
    }

    private static WeirException invalid(String name, String rule, String value, @Nullable Throwable cause) {
        return new WeirException(
                "setting-invalid", Whose.USER, "Setting '" + name + "': " + rule + ", got '" + value + "'.", cause);
    }
}
