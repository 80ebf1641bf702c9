package io.weir.testing;

import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.NodeLocator;
import io.weir.cli.node.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The packaged application in this JVM, in a class loader of its own: neither sees the classes of the other.
///
/// The application reads its settings from the JVM's properties. They are put there for it; settings of Weir that are
/// none of the node's (`weir.home`) are taken away while it starts, because a node refuses what it does not know.
final class NodeInJvm implements AutoCloseable {
    private static final String MAIN = "io.quarkus.runner.GeneratedMain";
    private static final String LIFE = "io.quarkus.runtime.ApplicationLifecycleManager";
    private static final Duration READY = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofSeconds(45);

    private final URLClassLoader loader;
    private final Thread main;
    private final Map<String, @Nullable String> before;
    private final AtomicReference<@Nullable Throwable> failure;
    private boolean closed;

    private NodeInJvm(
            URLClassLoader loader,
            Thread main,
            Map<String, @Nullable String> before,
            AtomicReference<@Nullable Throwable> failure) {
        this.loader = loader;
        this.main = main;
        this.before = before;
        this.failure = failure;
    }

    /// Starts a node; it may not be ready yet.
    ///
    /// @param home the folder of a built Weir
    /// @param settings of the node, its data folder and ports among them
    static NodeInJvm start(Path home, Map<String, String> settings) {
        Path application = home.resolve("deploy/server/target/quarkus-app");
        if (!Files.isDirectory(application.resolve("lib/main"))) {
            throw new IllegalStateException("Weir at '" + home + "': is not built, " + application
                    + " is missing. Run ./weir help there, and name the folder with -Dweir.home or WEIR_HOME.");
        }
        URLClassLoader loader =
                new URLClassLoader("weir-node", jars(application), ClassLoader.getPlatformClassLoader());
        Map<String, @Nullable String> before = set(settings);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread main = new Thread(() -> run(loader, failure), "weir-node");
        main.setContextClassLoader(loader);
        main.setDaemon(true);
        main.start();
        return new NodeInJvm(loader, main, before, failure);
    }

    private static void run(ClassLoader loader, AtomicReference<@Nullable Throwable> failure) {
        try {
            BiConsumer<Integer, Throwable> noted = (code, problem) -> failure.compareAndSet(null, problem);
            loader.loadClass(LIFE)
                    .getMethod("setDefaultExitCodeHandler", BiConsumer.class)
                    .invoke(null, noted); // else the JVM would end with the node
            loader.loadClass(MAIN).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } catch (ReflectiveOperationException | LinkageError e) {
            failure.compareAndSet(null, e.getCause() == null ? e : e.getCause());
        }
    }

    /// Generated and transformed classes come before those they replace.
    private static URL[] jars(Path application) {
        List<URL> jars = new ArrayList<>();
        for (String folder : List.of("quarkus", "app", "lib/main", "lib/boot")) {
            try (Stream<Path> files = Files.list(application.resolve(folder))) {
                List<Path> sorted = files.filter(file -> file.toString().endsWith(".jar"))
                        .sorted((a, b) -> b.compareTo(a)) // transformed-bytecode.jar before generated-bytecode.jar
                        .toList();
                for (Path jar : sorted) {
                    jars.add(jar.toUri().toURL());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return jars.toArray(URL[]::new);
    }

    /// Waits until it serves.
    NodeLocator.Endpoints awaitReady(Path data) {
        AtomicReference<NodeLocator.Endpoints> found = new AtomicReference<>();
        Waiting.until("the node on '" + data + "'", READY, Duration.ofMillis(50), () -> {
            Throwable problem = failure.get();
            if (problem != null || !main.isAlive()) {
                throw new IllegalStateException("The node on '" + data + "' did not start.", problem);
            }
            Optional<NodeLocator.Endpoints> endpoints = NodeLocator.read(data);
            endpoints.ifPresent(found::set);
            return endpoints.isPresent() && isReady(endpoints.get());
        });
        restoreForeign();
        return found.get();
    }

    private static boolean isReady(NodeLocator.Endpoints endpoints) {
        try {
            return new Api(endpoints.http())
                    .get("/q/health/ready")
                    .path("status")
                    .asText()
                    .equals("UP");
        } catch (CliFailure notYet) {
            return false;
        }
    }

    private static Map<String, @Nullable String> set(Map<String, String> settings) {
        Map<String, @Nullable String> before = new HashMap<>();
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("weir.") && !settings.containsKey(name)) {
                before.put(name, System.clearProperty(name));
            }
        }
        settings.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        return before;
    }

    /// What was only in the way of the start comes back at once.
    private void restoreForeign() {
        before.forEach((name, value) -> {
            if (value != null && System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    /// Stops the node and waits for its end. Does nothing the second time.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            loader.loadClass(LIFE).getMethod("exit", int.class).invoke(null, 0);
            main.join(END.toMillis());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The node could not be stopped.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
        // the loader stays open: libraries in it look for classes when the JVM ends
    }
}
