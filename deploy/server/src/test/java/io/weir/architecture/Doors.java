package io.weir.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/// Each engine's packages, and the one package of ours that may touch them.
final class Doors {
    private static final DescribedPredicate<JavaClass> BROKER = resideInAnyPackage(
                    "kafka..",
                    "org.apache.kafka.raft..",
                    "org.apache.kafka.metadata..",
                    "org.apache.kafka.image..",
                    "org.apache.kafka.controller..",
                    "org.apache.kafka.coordinator..",
                    "org.apache.kafka.network..",
                    "org.apache.kafka.storage..",
                    "org.apache.kafka.tools..",
                    "org.apache.kafka.server..")
            .and(JavaClasses.outside("org.apache.kafka.server.log.remote.."));

    private static final DescribedPredicate<JavaClass> REMOTE_STORAGE_SPI =
            resideInAnyPackage("org.apache.kafka.server.log.remote..", "org.apache.kafka.common.record.internal..");

    private static final DescribedPredicate<JavaClass> STREAMS = resideInAPackage("org.apache.kafka.streams..");

    /// kafka-streams-test-utils, and the topology that its driver is given.
    private static final DescribedPredicate<JavaClass> STREAMS_TEST_UTILS = resideInAPackage(
                    "org.apache.kafka.streams.test..")
            .or(STREAMS.and(JavaClasses.named("TopologyTestDriver", "TestInputTopic", "TestOutputTopic", "Topology")));

    /// connect-api keeps some of its types in the runtime's storage package.
    private static final DescribedPredicate<JavaClass> CONNECT_RUNTIME = resideInAnyPackage(
                    "org.apache.kafka.connect.runtime..", "org.apache.kafka.connect.cli..")
            .or(resideInAPackage("org.apache.kafka.connect.storage..")
                    .and(not(JavaClasses.named(
                            "Converter",
                            "ConverterConfig",
                            "ConverterType",
                            "HeaderConverter",
                            "OffsetStorageReader",
                            "SimpleHeaderConverter",
                            "StringConverter",
                            "StringConverterConfig"))));

    private static final DescribedPredicate<JavaClass> HADOOP = resideInAPackage("org.apache.hadoop..");

    private static final DescribedPredicate<JavaClass> DUCKDB =
            resideInAnyPackage("org.duckdb..", "java.sql..", "javax.sql..");

    private Doors() {}

    static List<ArchRule> all() {
        return List.of(
                onlyIn(BROKER, "io.weir.log.engine.."),
                onlyIn(REMOTE_STORAGE_SPI, "io.weir.tiered.archive.."),
                onlyIn(STREAMS, "io.weir.streams.topology..", "io.weir.streams.testing.."),
                only("io.weir.streams.testing..", STREAMS, STREAMS_TEST_UTILS),
                onlyIn(CONNECT_RUNTIME, "io.weir.connect.worker.."),
                onlyIn(resideInAPackage("io.debezium.."), "io.weir.connect.capture.."),
                onlyIn(resideInAPackage("org.apache.parquet.."), "io.weir.tiered.parquet.."),
                onlyIn(HADOOP, "io.weir.tiered.store..", "io.weir.tiered.parquet..", "io.weir.tiered.table.."),
                only("io.weir.tiered.parquet..", HADOOP, configurationAndPath()),
                only("io.weir.tiered.table..", HADOOP, configurationAndPath()),
                onlyIn(resideInAPackage("org.apache.iceberg.."), "io.weir.tiered.table.."),
                onlyIn(DUCKDB, "io.weir.tiered.query.."),
                noClasses()
                        .that()
                        .resideInAPackage("io.weir.tiered.query.child..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.apache.kafka..",
                                "kafka..",
                                "org.apache.hadoop..",
                                "io.quarkus..",
                                "jakarta..",
                                "io.smallrye..",
                                "io.vertx..")
                        .because("the child process has DuckDB and one small jar, nothing else"));
    }

    private static DescribedPredicate<JavaClass> configurationAndPath() {
        return HADOOP.and(JavaClasses.named("Configuration", "Path"));
    }

    /// The engine's classes are for the homes only.
    private static ArchRule onlyIn(DescribedPredicate<JavaClass> engine, String... homes) {
        return noClasses().that().resideOutsideOfPackages(homes).should().dependOnClassesThat(engine);
    }

    /// A second entrance: of the engine's classes `home` may touch the listed ones.
    private static ArchRule only(
            String home, DescribedPredicate<JavaClass> engine, DescribedPredicate<JavaClass> listed) {
        return noClasses()
                .that()
                .resideInAPackage(home)
                .should()
                .dependOnClassesThat(engine.and(not(listed)))
                // streams.testing, tiered.parquet and tiered.table come one after the other
                .allowEmptyShould(true);
    }
}
