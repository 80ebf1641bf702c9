package io.weir.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the packaged node and its SQL child really carry.
class PackagedAppIT {
    private static final Path LIBRARIES = Repository.ROOT.resolve("deploy/server/target/quarkus-app/lib");
    private static final Path QUERY_CHILD = Repository.ROOT.resolve("tiered-storage/target/query-child");

    @Test
    void everyKafkaJarHasOneVersion() throws IOException {
        List<String> kafka = names(LIBRARIES).stream()
                .filter(name -> name.startsWith("org.apache.kafka."))
                .toList();

        assertThat(kafka).hasSizeGreaterThan(15).allMatch(name -> name.endsWith("-4.3.1.jar"));
    }

    @Test
    void noJerseyOnTheRuntimeClassPath() throws IOException {
        assertThat(names(LIBRARIES))
                .noneMatch(name -> name.startsWith("org.glassfish.jersey"))
                .noneMatch(name -> name.startsWith("org.eclipse.jetty.ee10"));
    }

    @Test
    void oneLoggingBackend() throws IOException {
        assertThat(names(LIBRARIES))
                .anyMatch(name -> name.startsWith("org.jboss.slf4j.slf4j-jboss-logmanager"))
                .noneMatch(name ->
                        name.matches(".*(log4j-core|reload4j|slf4j-simple|slf4j-nop|logback|commons-logging-1).*"));
    }

    @Test
    void theNodeHasNoDuckDb() throws IOException {
        assertThat(names(LIBRARIES)).noneMatch(name -> name.contains("duckdb"));
    }

    /// Apart from kafka-streams-test-utils, which the users' test kit in `streams.testing` drives.
    @Test
    void noTestLibraryIsShipped() throws IOException {
        assertThat(names(LIBRARIES)).noneMatch(name -> name.matches(".*(junit|assertj|archunit|mockito|awaitility).*"));
    }

    /// Drivers and connectors under licences that forbid bundling them, or that the user has to agree to.
    @Test
    void noForbiddenDriverIsShipped() throws IOException {
        assertThat(names(LIBRARIES))
                .noneMatch(name -> name.matches(".*(ojdbc|mysql-connector|mariadb-java|\\bjcc\\b|io\\.confluent).*"));
    }

    @Test
    void theQueryChildCarriesThreeJars() throws IOException {
        assertThat(names(QUERY_CHILD)).hasSize(3);
        assertThat(names(QUERY_CHILD))
                .anyMatch(name -> name.startsWith("duckdb_jdbc-"))
                .anyMatch(name -> name.startsWith("jackson-core-"))
                .anyMatch(name -> name.endsWith("-query-child.jar"));
    }

    @Test
    void theQueryChildImportsNoKafkaHadoopOrQuarkus() throws IOException {
        Path jar;
        try (Stream<Path> files = Files.list(QUERY_CHILD)) {
            jar = files.filter(file -> file.toString().endsWith("-query-child.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        try (JarFile child = new JarFile(jar.toFile())) {
            JavaClasses classes = new ClassFileImporter().importJar(child);

            assertThat(classes.size()).isGreaterThan(5);
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.weir.tiered.query.child..",
                            "java..",
                            "com.fasterxml.jackson.core..",
                            "org.duckdb..",
                            "org.jspecify..")
                    .because("the child's folder holds nothing else")
                    .check(classes);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }
    }
}
