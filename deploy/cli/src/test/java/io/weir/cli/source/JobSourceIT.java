package io.weir.cli.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cli.node.CliFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A source file becomes a jar, by the real compiler and against the jars that `./weir` has for it.
class JobSourceIT {
    private static final String JOB = """
            package shop;

            import io.weir.streams.dsl.Flow;
            import io.weir.streams.dsl.StreamJob;

            public final class LargeOrders implements StreamJob {
                record Order(String customer, int cents) {}

                @Override
                public void define(Flow flow) {
                    flow.stream("orders", Order.class).where(Order::cents).gt(10_000).to("large_orders");
                }
            }

            final class Unused {}
            """;

    @TempDir
    private Path folder;

    @Test
    void aFileBecomesAJarWithItsClassesAndItself() throws Exception {
        Path jar = folder.resolve("job.jar");

        String jobClass = pack("LargeOrders.java", JOB, jar);

        assertThat(jobClass).isEqualTo("shop.LargeOrders");
        try (JarFile packed = new JarFile(jar.toFile())) {
            assertThat(packed.stream().map(ZipEntry::getName))
                    .containsExactly(
                            "META-INF/MANIFEST.MF",
                            "META-INF/weir/source/LargeOrders.java",
                            "shop/LargeOrders$Order.class",
                            "shop/LargeOrders.class",
                            "shop/Unused.class");
            byte[] source = packed.getInputStream(packed.getEntry("META-INF/weir/source/LargeOrders.java"))
                    .readAllBytes();
            assertThat(new String(source, StandardCharsets.UTF_8)).isEqualTo(JOB);
        }
    }

    @Test
    void theSameFileTwiceIsTheSameJar() throws Exception {
        pack("LargeOrders.java", JOB, folder.resolve("one.jar"));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        new JobSource(Files.writeString(elsewhere.resolve("LargeOrders.java"), JOB), compiler(), api())
                .pack(folder.resolve("two.jar"));

        assertThat(sha256(folder.resolve("two.jar"))).isEqualTo(sha256(folder.resolve("one.jar")));
    }

    @Test
    void eachCompilerErrorNamesFileAndLine() {
        String broken = JOB.replace("gt(10_000)", "gt(\"much\")").replace("final class Unused {}", "final class {}");
        assertRefused("LargeOrders.java", broken, "LargeOrders.java:15: error: <identifier> expected");

        String wrongTypes = JOB.replace("Order::cents", "Order::euros").replace("(Flow flow)", "(Flw flow)");
        assertThatThrownBy(() -> pack("LargeOrders.java", wrongTypes, folder.resolve("job.jar")))
                .isInstanceOfSatisfying(
                        CliFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(CliFailure.USER))
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .hasSizeGreaterThanOrEqualTo(1)
                        .allMatch(line -> line.matches(".*LargeOrders\\.java:\\d+: error: .*"))
                        .anyMatch(line -> line.contains(":10: error: cannot find symbol") && line.contains("Flw")));
    }

    @Test
    void aFileSeesWhatAJobSeesOnTheNodeAndNothingElse() {
        assertRefused(
                "LargeOrders.java",
                JOB.replace("package shop;", "package shop; import com.fasterxml.jackson.databind.JsonNode;"),
                "package com.fasterxml.jackson.databind does not exist");
    }

    @Test
    void thePublicClassIsNamedLikeTheFile() {
        assertRefused("Orders.java", JOB, "Orders.java:6: error: class LargeOrders is public, should be declared");
        assertRefused("Orders.java", "final class Other {}", "must hold a public class Orders");
        assertThatThrownBy(() ->
                        new JobSource(folder.resolve("None.java"), compiler(), api()).pack(folder.resolve("job.jar")))
                .hasMessageContaining("None.java")
                .hasMessageContaining("no such file");
    }

    @Test
    void aJavaWithoutACompilerIsSaidSo() throws IOException {
        Path file = Files.writeString(folder.resolve("LargeOrders.java"), JOB);

        assertThatThrownBy(() -> new JobSource(file, null, api()).pack(folder.resolve("job.jar")))
                .isInstanceOfSatisfying(
                        CliFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(CliFailure.USER))
                .hasMessageContaining("LargeOrders.java")
                .hasMessageContaining("JRE")
                .hasMessageContaining("WEIR_JAVA_HOME=");
    }

    private void assertRefused(String name, String source, String says) {
        assertThatThrownBy(() -> pack(name, source, folder.resolve("job.jar")))
                .isInstanceOfSatisfying(
                        CliFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(CliFailure.USER))
                .hasMessageContaining(says);
        assertThat(folder.resolve("job.jar")).doesNotExist();
    }

    private String pack(String name, String source, Path jar) throws IOException {
        return new JobSource(Files.writeString(folder.resolve(name), source), compiler(), api()).pack(jar);
    }

    private static JavaCompiler compiler() {
        return ToolProvider.getSystemJavaCompiler();
    }

    private static List<Path> api() {
        try (Stream<Path> jars = Files.list(Path.of("target/job-api"))) {
            return jars.toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
