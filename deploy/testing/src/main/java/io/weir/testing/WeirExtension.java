package io.weir.testing;

import io.weir.cli.node.NodeLocator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.SearchOption;

/// Starts the node of [WeirTest] when the first one asks for it.
public final class WeirExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(WeirExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == WeirNode.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Nodes nodes = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Nodes.class, unused -> new Nodes(home(context)), Nodes.class);
        return nodes.node(settings(context));
    }

    private static Path home(ExtensionContext context) {
        return context.getConfigurationParameter("weir.home")
                .or(() -> java.util.Optional.ofNullable(System.getenv("WEIR_HOME")))
                .map(Path::of)
                .orElseThrow(() -> new IllegalStateException(
                        "@WeirTest: where is Weir? Name its folder with" + " -Dweir.home=/path/to/weir or WEIR_HOME."));
    }

    private static Map<String, String> settings(ExtensionContext context) {
        WeirTest test = AnnotationSupport.findAnnotation(
                        context.getRequiredTestClass(), WeirTest.class, SearchOption.INCLUDE_ENCLOSING_CLASSES)
                .orElseThrow(() -> new IllegalStateException("A WeirNode is given to classes with @WeirTest."));
        Map<String, String> settings = new HashMap<>();
        for (String setting : test.settings()) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("@WeirTest: a setting must be name=value, got '" + setting + "'.");
            }
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return settings;
    }

    /// The one node of this JVM. JUnit closes it after all tests.
    private static final class Nodes implements AutoCloseable {
        private final Path home;
        private @Nullable Running running;

        /// @param data its folder, removed with it
        private record Running(Map<String, String> settings, Path data, NodeInJvm process, WeirNode node) {}

        Nodes(Path home) {
            this.home = home;
        }

        synchronized WeirNode node(Map<String, String> settings) {
            Running present = running;
            if (present != null && present.settings().equals(settings)) {
                return present.node();
            }
            close();
            Running started = start(settings);
            running = started;
            return started.node();
        }

        private Running start(Map<String, String> settings) {
            try {
                Path data = Files.createTempDirectory("weir-test");
                Map<String, String> all = new HashMap<>(Map.of(
                        "weir.data.dir", data.toString(),
                        "weir.sql.child.dir",
                                home.resolve("deploy/server/target/query-child").toString(),
                        "weir.http.port", "0",
                        "weir.log.port", "0",
                        "weir.log.controller.port", "0"));
                all.putAll(settings);
                NodeInJvm process = NodeInJvm.start(home, all);
                boolean ready = false;
                try {
                    NodeLocator.Endpoints endpoints = process.awaitReady(data);
                    ready = true;
                    return new Running(
                            settings, data, process, new WeirNode(endpoints.http(), endpoints.kafka(), data));
                } finally {
                    if (!ready) {
                        process.close();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public synchronized void close() {
            Running present = running;
            running = null;
            if (present != null) {
                present.process().close();
                remove(present.data());
            }
        }

        private static void remove(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
