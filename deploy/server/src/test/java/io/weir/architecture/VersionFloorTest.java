package io.weir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.architecture.ClassPath.Jar;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Maven resolved for the node: one version of Kafka, nothing below the security floors, no second
/// stack.
class VersionFloorTest {
    private static final String KAFKA = "4.3.1";

    @Test
    void theClassPathIsTheNodes() {
        assertThat(ClassPath.jars())
                .hasSizeGreaterThan(150)
                .anyMatch(jar -> jar.artifact().equals("kafka-clients"));
    }

    @Test
    void everyKafkaJarHasOneVersion() {
        List<Jar> kafka = ClassPath.jars().stream()
                .filter(jar -> jar.isOf("org.apache.kafka"))
                .toList();

        assertThat(kafka).hasSizeGreaterThan(15).allMatch(jar -> jar.version().equals(KAFKA));
    }

    /// The floors stand in docs/decisions/0002-versions-and-pins.md.
    @ParameterizedTest
    @CsvSource({
        "org.xerial.snappy, snappy-java, 1.1.10.12",
        "org.apache.kafka, kafka-clients, 4.3.1",
        "org.apache.kafka, kafka_2.13, 4.3.1",
        "io.quarkus, quarkus-vertx-http, 3.33.2.1",
        "org.apache.parquet, parquet-hadoop, 1.15.2",
        "org.apache.parquet, parquet-column, 1.15.2",
        "org.apache.parquet, parquet-avro, 1.15.2",
        "io.airlift, aircompressor, 2.0.3",
        "io.netty, netty-codec-http, 4.1.133",
        "io.netty, netty-handler, 4.1.133",
        "at.yawk.lz4, lz4-java, 1.10.1",
        "commons-beanutils, commons-beanutils, 1.11.0"
    })
    void resolvedVersionsAreAboveTheFloor(String group, String artifact, String floor) {
        List<Jar> found = ClassPath.jars().stream()
                .filter(jar -> jar.isOf(group) && jar.artifact().equals(artifact))
                .toList();

        assertThat(found)
                .as("resolved %s", artifact)
                .isNotEmpty()
                .allMatch(jar -> new ComparableVersion(version(jar)).compareTo(new ComparableVersion(floor)) >= 0);
    }

    @Test
    void whatIsKnownToBeUnsafeOrInTheWayIsAbsent() {
        assertThat(ClassPath.jars())
                .noneMatch(jar -> jar.isOf("org.lz4"))
                .noneMatch(jar -> jar.artifact().equals("log4j-core"))
                .noneMatch(jar -> jar.artifact().equals("hadoop-common"))
                .noneMatch(jar -> jar.isBelow("io.apicurio"))
                .noneMatch(jar ->
                        jar.isBelow("software.amazon.awssdk") && jar.artifact().equals("bundle"));
    }

    @Test
    void noJerseyOnTheRuntimeClassPath() {
        assertThat(ClassPath.jars())
                .noneMatch(jar -> jar.isBelow("org.glassfish.jersey"))
                .noneMatch(jar -> jar.isBelow("org.eclipse.jetty.ee10"))
                .noneMatch(jar -> jar.isBelow("com.fasterxml.jackson.jakarta.rs"));
    }

    /// Connect's classes need them at sink offsets and at fencing; nothing of them listens.
    @Test
    void theJettyClassesThatConnectLoadsAreThere() {
        assertThat(ClassPath.jars()).extracting(Jar::artifact).contains("jetty-client", "jetty-server");
    }

    @Test
    void oneLoggingBackend() throws IOException {
        assertThat(ClassPath.jars())
                .extracting(Jar::artifact)
                .doesNotContain(
                        "log4j-core",
                        "reload4j",
                        "slf4j-log4j12",
                        "slf4j-reload4j",
                        "slf4j-simple",
                        "slf4j-nop",
                        "logback-classic",
                        "commons-logging");
        Set<URL> providers = Set.copyOf(Collections.list(
                getClass().getClassLoader().getResources("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")));
        assertThat(providers).hasSize(1);
    }

    @Test
    void theNodeHasNoDuckDb() {
        assertThat(ClassPath.jars())
                .noneMatch(jar -> jar.isBelow("org.duckdb") || jar.artifact().contains("duckdb"));
    }

    private static String version(Jar jar) {
        return jar.version().replace(".Final", "");
    }
}
