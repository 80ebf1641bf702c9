package io.weir.cli.source;

import io.weir.cli.node.CliFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.jspecify.annotations.Nullable;

/// One `.java` file that holds one public job class, and with it whatever the job needs: nested records, further
/// classes. Compiled against what a job's own project sees: weir-streams, Kafka Streams and Kafka's clients.
///
/// The same file and the same compiler give the same jar, byte for byte. The source goes into it, below
/// `META-INF/weir/source/`.
public final class JobSource {
    private static final String SOURCE_FOLDER = "META-INF/weir/source/";
    private static final String RELEASE = "21";

    private final Path file;
    private final @Nullable JavaCompiler compiler;
    private final List<Path> api;

    /// @param file ends in `.java`
    /// @param compiler of the running Java; null when it is none that can compile
    /// @param api jars or class folders that the file may use
    public JobSource(Path file, @Nullable JavaCompiler compiler, List<Path> api) {
        this.file = file;
        this.compiler = compiler;
        this.api = List.copyOf(api);
    }

    public static boolean isSource(Path file) {
        return file.toString().endsWith(".java");
    }

    /// Compiles the file and writes the jar.
    ///
    /// @return the job class
    /// @throws CliFailure exit code 2; compiler errors name file and line, one error a line
    public String pack(Path jar) {
        JavaCompiler present = present();
        try {
            Path classes = Files.createTempDirectory("weir-job-classes");
            try {
                compile(present, classes);
                Map<String, byte[]> entries = entries(classes);
                String jobClass = jobClass(entries);
                entries.put(SOURCE_FOLDER + file.getFileName(), Files.readAllBytes(file));
                entries.put(JarFile.MANIFEST_NAME, manifest());
                try (OutputStream out = Files.newOutputStream(jar)) {
                    JarBytes.write(entries, out);
                }
                return jobClass;
            } finally {
                delete(classes);
            }
        } catch (IOException e) {
            throw new CliFailure(
                    CliFailure.USER, "File '" + file + "': cannot be compiled (" + e.getMessage() + ").", e);
        }
    }

    private JavaCompiler present() {
        if (!Files.isRegularFile(file)) {
            throw new CliFailure(CliFailure.USER, "File '" + file + "': no such file.");
        }
        if (compiler == null) {
            throw new CliFailure(
                    CliFailure.USER,
                    "File '" + file + "': needs a Java compiler, and the Java at " + System.getProperty("java.home")
                            + " has none (a JRE). Install a JDK " + RELEASE
                            + " or newer and name it: WEIR_JAVA_HOME=/path/to/jdk ./weir job deploy " + file);
        }
        return compiler;
    }

    private void compile(JavaCompiler present, Path classes) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                present.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, api);
            List<String> options = List.of("--release", RELEASE, "-g", "-parameters", "-proc:none", "-Xlint:none");
            boolean compiled = present.getTask(null, files, diagnostics, options, null, files.getJavaFileObjects(file))
                    .call();
            if (!compiled) {
                throw new CliFailure(CliFailure.USER, errors(diagnostics));
            }
        }
    }

    private String errors(DiagnosticCollector<JavaFileObject> diagnostics) {
        List<String> lines = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                String place = diagnostic.getLineNumber() == Diagnostic.NOPOS
                        ? file.toString()
                        : file + ":" + diagnostic.getLineNumber();
                String message = diagnostic.getMessage(Locale.ROOT).replaceAll("\\s*\\R\\s*", ", ");
                lines.add(place + ": error: " + message);
            }
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static Map<String, byte[]> entries(Path classes) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                entries.put(classes.relativize(each).toString().replace('\\', '/'), Files.readAllBytes(each));
            }
        }
        return entries;
    }

    /// The class that is named like the file, wherever its package is.
    private String jobClass(Map<String, byte[]> entries) {
        String name = file.getFileName().toString().replaceFirst("\\.java$", "");
        String entry = name + ".class";
        return entries.keySet().stream()
                .filter(each -> each.equals(entry) || each.endsWith("/" + entry))
                .findFirst()
                .map(each ->
                        each.substring(0, each.length() - ".class".length()).replace('/', '.'))
                .orElseThrow(() -> new CliFailure(
                        CliFailure.USER,
                        "File '" + file + "': must hold a public class " + name + ", got " + entries.keySet() + "."));
    }

    private static byte[] manifest() {
        String text = "Manifest-Version: 1.0\r\nCreated-By: weir job\r\nBuild-Jdk-Spec: "
                + Runtime.version().feature() + "\r\n\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
