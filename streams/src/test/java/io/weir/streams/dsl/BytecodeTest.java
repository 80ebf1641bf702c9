package io.weir.streams.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What changes the fingerprint of opaque code and what does not; each case compiles two sources.
class BytecodeTest {
    private static final String JOB = """
        import io.weir.streams.dsl.*;
        public final class Job implements StreamJob {
            record Row(int a, String b) {}
            static int twice(int a) { return a * 2; }
            public void define(Flow flow) {
                flow.stream("in", Row.class).where(row -> twice(row.a()) > 10 && row.b().equals("x")).to("out");
            }
        }
        """;

    @TempDir
    Path folder;

    @Test
    void theSameSourceGivesTheSameFingerprint() throws Exception {
        assertThat(fingerprint("one", JOB)).isEqualTo(fingerprint("two", JOB)).hasSize(64);
    }

    @Test
    void commentsLinesAndOtherMembersChangeNothing() throws Exception {
        String moved = JOB.replace(
                "static int twice", "/* more */\n\n  static String other() { return \"o\"; }\n static int twice");

        assertThat(fingerprint("two", moved)).isEqualTo(fingerprint("one", JOB));
    }

    @Test
    void aLambdaBeforeItChangesNothing() throws Exception {
        String before = JOB.replace("flow.stream", "Runnable r = () -> {}; r.run(); flow.stream");

        assertThat(fingerprint("two", before)).isEqualTo(fingerprint("one", JOB));
    }

    @Test
    void aChangedConstantACalledMethodAndACapturedValueChangeIt() throws Exception {
        Map<String, String> changed = new TreeMap<>();
        changed.put("constant", JOB.replace("> 10", "> 11"));
        changed.put("wide", JOB.replace("> 10", "> 1000000"));
        changed.put("string", JOB.replace("\"x\"", "\"y\""));
        changed.put("called", JOB.replace("a * 2", "a * 3"));
        changed.put(
                "captured", JOB.replace("flow.stream", "int k = 7; flow.stream").replace("> 10", "> k"));
        changed.put(
                "captured8",
                JOB.replace("flow.stream", "int k = flow.hashCode() | -1; flow.stream")
                        .replace("> 10", "> k"));
        changed.put("nested", JOB.replace("a * 2", "java.util.stream.IntStream.of(a).map(x -> x + 2).sum()"));
        changed.put("nested3", JOB.replace("a * 2", "java.util.stream.IntStream.of(a).map(x -> x + 3).sum()"));
        changed.put(
                "switch",
                JOB.replace(
                        "return a * 2", "return switch (a) { case 1, 2, 3 -> 5; case 900 -> 6; default -> a * 2; }"));
        changed.put(
                "strings",
                JOB.replace("return a * 2", "return switch (\"\" + a) { case \"q\" -> 5; default -> a * 2; }"));
        Map<String, String> fingerprints = new TreeMap<>();
        fingerprints.put("as it is", fingerprint("base", JOB));
        for (Map.Entry<String, String> job : changed.entrySet()) {
            fingerprints.put(job.getKey(), fingerprint(job.getKey(), job.getValue()));
        }

        assertThat(fingerprints.values()).doesNotHaveDuplicates().hasSize(11);
    }

    private String fingerprint(String name, String source) throws Exception {
        Path classes = Files.createDirectories(folder.resolve(name));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Job.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        List<String> options =
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
        assertThat(compiler.getTask(null, null, null, options, null, List.of(file))
                        .call())
                .isTrue();
        try (java.net.URLClassLoader loader = new java.net.URLClassLoader(
                new java.net.URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            StreamJob job = (StreamJob) loader.loadClass("Job").getConstructor().newInstance();
            Stage.Filter filter = (Stage.Filter) Plan.of("j", job).stages().get(1);
            return ((Opaque) filter.expr()).fingerprint();
        }
    }
}
