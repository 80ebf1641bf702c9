package io.weir.streams.job.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.dsl.Plan;
import io.weir.streams.job.JobJars;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobCodeTest {
    private static final int JAVA = Runtime.version().feature();

    @TempDir
    Path folder;

    @Test
    void aJobOfAJarBecomesAPlan() {
        Path jar = JobJars.in(folder).source("shop.Copy", job("Copy", "")).build("copy.jar");

        try (JobCode code = JobCode.open("copy.jar", jar, JAVA)) {
            Plan plan = code.plan("copy", "shop.Copy");

            assertThat(plan.sources()).containsExactly("orders");
            assertThat(plan.sinks()).containsExactly("copies");
            assertThat(code.jobClasses()).containsExactly("shop.Copy");
        }
    }

    @Test
    void aJarsOwnClassWinsOverTheNodesAndTheNodesLibrariesAreInvisible() throws Exception {
        Path jar = JobJars.in(folder)
                .source("shop.Copy", job("Copy", ""))
                .source(
                        "com.fasterxml.jackson.databind.ObjectMapper",
                        "package com.fasterxml.jackson.databind; public class ObjectMapper {"
                                + " public String toString() { return \"mine\"; } }")
                .build("own.jar");

        try (JobCode code = JobCode.open("own.jar", jar, JAVA)) {
            Class<?> mapper = code.classes().loadClass("com.fasterxml.jackson.databind.ObjectMapper");
            assertThat(mapper.getDeclaredConstructor().newInstance()).hasToString("mine");
            assertThatThrownBy(() -> code.classes().loadClass("com.fasterxml.jackson.core.JsonFactory"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> code.classes().loadClass("io.weir.log.topic.TopicName"))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void theStreamsApiComesFromTheNodeEvenWhenTheJarHoldsACopy() throws Exception {
        byte[] bogus = ByteBuffer.allocate(8).putInt(0xCAFEBABE).putInt(65).array();
        Path jar = JobJars.in(folder)
                .source("shop.Copy", job("Copy", ""))
                .entry("io/weir/streams/dsl/StreamJob.class", bogus)
                .build("shaded.jar");

        try (JobCode code = JobCode.open("shaded.jar", jar, JAVA)) {
            assertThat(code.plan("copy", "shop.Copy").sources()).containsExactly("orders");
        }
    }

    @Test
    void twoJobsWithTheSameClassNameDoNotMeet() throws Exception {
        Path first = JobJars.in(folder).source("shop.Copy", job("Copy", "")).build("first.jar");
        Path second = JobJars.in(folder)
                .source("shop.Copy", job("Copy", "int x = 1;"))
                .build("second.jar");

        try (JobCode one = JobCode.open("first.jar", first, JAVA);
                JobCode two = JobCode.open("second.jar", second, JAVA)) {
            assertThat(one.classes().loadClass("shop.Copy"))
                    .isNotSameAs(two.classes().loadClass("shop.Copy"));
        }
    }

    @Test
    void aClosedLoaderIsCollected() {
        Path jar = JobJars.in(folder).source("shop.Copy", job("Copy", "")).build("copy.jar");

        WeakReference<ClassLoader> loader = planAndClose(jar);

        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            System.gc();
            assertThat(loader.get()).isNull();
        });
    }

    @Test
    void theContextClassLoaderIsTheJobsWhileItsCodeRunsAndTheCallersAfterwards() {
        Path jar = JobJars.in(folder)
                .source(
                        "shop.Copy",
                        job(
                                "Copy",
                                "public Copy() { if (Thread.currentThread().getContextClassLoader()"
                                        + " != Copy.class.getClassLoader()) throw new IllegalStateException(\"other\"); }"))
                .build("copy.jar");
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        try (JobCode code = JobCode.open("copy.jar", jar, JAVA)) {
            code.plan("copy", "shop.Copy");
        }

        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void aMissingClassNamesTheNearestJob() {
        Path jar = JobJars.in(folder).source("shop.Copy", job("Copy", "")).build("copy.jar");

        refusal(jar, "shop.Copi", "artifact-class-missing")
                .hasMessage("Class 'shop.Copi': is not in the jar. Did you mean 'shop.Copy'?");
        refusal(jar, "totally.Different", "artifact-class-missing").hasMessageContaining("shop.Copy");
    }

    @Test
    void aClassThatIsNoJobIsRefused() {
        Path jar = JobJars.in(folder)
                .source("shop.Copy", job("Copy", ""))
                .source("shop.Other", "package shop; public class Other {}")
                .build("copy.jar");

        refusal(jar, "shop.Other", "not-a-job")
                .hasMessageContaining("must implement io.weir.streams.dsl.StreamJob")
                .hasMessageContaining("shop.Copy");
    }

    @Test
    void aJobWithoutPublicConstructorIsRefused() {
        Path jar = JobJars.in(folder)
                .source("shop.Copy", job("Copy", "Copy(String name) {}"))
                .build("copy.jar");

        refusal(jar, "shop.Copy", "not-a-job").hasMessageContaining("public constructor without parameters");
    }

    @Test
    void aThrowingConstructorIsTheUsersFault() {
        Path jar = JobJars.in(folder)
                .source("shop.Copy", job("Copy", "public Copy() { throw new IllegalStateException(\"no luck\"); }"))
                .build("copy.jar");

        refusal(jar, "shop.Copy", "job-constructor").hasMessageContaining("no luck");
    }

    @Test
    void aThrowingDefinitionNamesItsLine() {
        Path jar = JobJars.in(folder)
                .source(
                        "shop.Copy",
                        "package shop;\npublic class Copy implements io.weir.streams.dsl.StreamJob {\n"
                                + "  public void define(io.weir.streams.dsl.Flow flow) {\n"
                                + "    throw new IllegalStateException(\"no luck\");\n  }\n}\n")
                .build("copy.jar");

        refusal(jar, "shop.Copy", "job-definition")
                .hasMessageContaining("no luck")
                .hasMessageContaining("Copy.java:4");
    }

    @Test
    void aRefusedPlanNamesTheOperatorAndTheRule() {
        Path jar = JobJars.in(folder)
                .source(
                        "shop.Twice",
                        "package shop; import io.weir.streams.dsl.*; public class Twice implements StreamJob {"
                                + " public record Order(String id) {}"
                                + " public void define(Flow flow) {"
                                + " Stream<String, Order> s = flow.stream(\"orders\", Order.class);"
                                + " s.where(o -> true).to(\"a\"); s.where(o -> false).to(\"b\"); } }")
                .build("twice.jar");

        refusal(jar, "shop.Twice", "plan-refused").hasMessageContaining("orders.where");
    }

    @Test
    void aClassWithAMissingLibraryNamesIt() {
        Path jar = JobJars.in(folder)
                .source(
                        "shop.Copy",
                        job("Copy", "static final Object MAPPER = new com.fasterxml.jackson.databind.ObjectMapper();"))
                .build("copy.jar");

        refusal(jar, "shop.Copy", "job-not-loadable").hasMessageContaining("ObjectMapper");
    }

    @Test
    void aFileThatIsNoJarIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.jar"), "not a jar at all");

        refusal(text, "shop.Copy", "artifact-not-a-jar").hasMessageContaining("text.jar");
    }

    @Test
    void aFileAboveTheLimitIsRefusedBeforeItIsOpened() throws IOException {
        Path large = folder.resolve("large.jar");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(Artifact.LARGEST_BYTES + 1);
        }

        assertThatThrownBy(() -> JobJar.check("large.jar", large, JAVA))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("artifact-too-large"));
    }

    @Test
    void aJarThatBundlesKafkaIsRefused() {
        Path jar = JobJars.in(folder)
                .source("shop.Copy", job("Copy", ""))
                .entry("org/apache/kafka/clients/Metadata.class", new byte[] {1})
                .build("fat.jar");

        refusal(jar, "shop.Copy", "artifact-bundles-kafka").hasMessageContaining("provided");
    }

    @Test
    void aClassForANewerJavaNamesBothVersions() {
        byte[] ofJava99 =
                ByteBuffer.allocate(8).putInt(0xCAFEBABE).putInt(99 + 44).array();
        Path jar = JobJars.in(folder).entry("shop/New.class", ofJava99).build("new.jar");

        refusal(jar, "shop.New", "artifact-java-level")
                .hasMessageContaining("shop.New is compiled for Java 99 (class file version 143)")
                .hasMessageContaining("this node runs Java " + JAVA)
                .hasMessageContaining("--release 21");
    }

    @Test
    void theOnlyJobOfAJarNeedsNoName() {
        Path one = JobJars.in(folder).source("shop.Copy", job("Copy", "")).build("one.jar");
        Path two = JobJars.in(folder)
                .source("shop.Copy", job("Copy", ""))
                .source("shop.Other", job("Other", ""))
                .build("two.jar");

        try (JobCode single = JobCode.open("one.jar", one, JAVA);
                JobCode several = JobCode.open("two.jar", two, JAVA)) {
            assertThat(single.chooseClass(null)).isEqualTo("shop.Copy");
            assertThatThrownBy(() -> several.chooseClass(null)).hasMessageContaining("shop.Copy | shop.Other");
        }
    }

    private WeakReference<ClassLoader> planAndClose(Path jar) {
        JobCode code = JobCode.open("copy.jar", jar, JAVA);
        code.plan("copy", "shop.Copy");
        code.close();
        return new WeakReference<>(code.classes());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refusal(Path jar, String className, String code) {
        return assertThatThrownBy(() -> {
                    try (JobCode opened = JobCode.open(jar.getFileName().toString(), jar, JAVA)) {
                        opened.plan("copy", className);
                    }
                })
                .isInstanceOfSatisfying(WeirException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.whose()).isEqualTo(Whose.USER);
                    assertThat(e.status()).isEqualTo(422);
                });
    }

    private static String job(String name, String member) {
        return "package shop; import io.weir.streams.dsl.*; public class " + name + " implements StreamJob { "
                + "public record Order(String id, long cents) {} " + member
                + " public void define(Flow flow) { flow.stream(\"orders\", Order.class).to(\"copies\"); } }";
    }
}
