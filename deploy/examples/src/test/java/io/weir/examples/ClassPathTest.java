package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// This module depends on weir-streams only, as a user's module does. So its class path is what a user's
/// job drags in.
class ClassPathTest {
    private static final List<String> PATH =
            List.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator, -1));

    /// Jars by the beginning of their names, and folders of the reactor by their modules.
    private static final List<String> FORBIDDEN = List.of(
            "quarkus",
            "arc-",
            "vertx",
            "kafka_2",
            "kafka-server",
            "kafka-metadata",
            "kafka-storage",
            "kafka-raft",
            "connect-runtime",
            "debezium",
            "hadoop",
            "parquet",
            "iceberg",
            "duckdb",
            "weir-log-core",
            "weir-connect",
            "weir-tiered",
            "weir-server",
            "log-core",
            "tiered-storage");

    @Test
    void aJobModuleDragsInNoBrokerNoQuarkusAndNoHadoop() {
        assertThat(PATH).anyMatch(entry -> entry.contains("kafka-streams-4"));
        assertThat(PATH).noneMatch(ClassPathTest::isForbidden);
    }

    private static boolean isForbidden(String entry) {
        Path path = Path.of(entry);
        String name = String.valueOf(path.getFileName());
        boolean ofTheReactor = name.equals("classes") && path.getNameCount() > 2;
        String module = ofTheReactor ? path.getName(path.getNameCount() - 3).toString() : name;
        return FORBIDDEN.stream().anyMatch(module::startsWith);
    }
}
