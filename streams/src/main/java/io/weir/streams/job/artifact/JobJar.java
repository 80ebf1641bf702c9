package io.weir.streams.job.artifact;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// What can be said about a jar before any of its code runs.
///
/// @param classNames classes in the jar, dots between packages, without versioned copies and module
///     descriptors
/// @param compiler the Java release whose compiler made it; empty when the jar does not say
public record JobJar(List<String> classNames, String compiler) {
    private static final String SOURCES = "META-INF/weir/source/";
    private static final int LONGEST_SOURCE = 1 << 20;
    private static final int MAGIC = 0xCAFEBABE;
    private static final int MAJOR_OF_JAVA_1 = 44;

    public JobJar {
        classNames = List.copyOf(classNames);
    }

    /// Opens and checks a jar.
    ///
    /// @param name how messages call the jar: its file name or hash
    /// @param newestJava the feature release of the Java that will run it, for example 25
    /// @throws WeirException `artifact-not-a-jar`, `artifact-too-large`, `artifact-bundles-kafka`,
    ///     `artifact-java-level`
    public static JobJar check(String name, Path jar, int newestJava) {
        List<String> classNames = new ArrayList<>();
        String compiler;
        requireSize(jar);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            compiler = compiler(zip);
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                refuseKafka(name, entry.getName());
                if (isClass(entry.getName())) {
                    String className = entry.getName()
                            .substring(0, entry.getName().length() - ".class".length())
                            .replace('/', '.');
                    checkLevel(name, className, zip, entry, newestJava);
                    classNames.add(className);
                }
            }
        } catch (IOException e) {
            throw refusal(
                    "artifact-not-a-jar",
                    "Jar '" + name + "': cannot be read as a jar file (" + e.getMessage()
                            + "). Upload the file that 'mvn package' writes.",
                    e);
        }
        if (classNames.isEmpty()) {
            throw refusal("artifact-not-a-jar", "Jar '" + name + "': holds no class.", null);
        }
        return new JobJar(classNames, compiler);
    }

    /// The source files that a jar brings, by path below `META-INF/weir/source/`.
    public static Map<String, String> sources(Path jar) {
        Map<String, String> files = new TreeMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().startsWith(SOURCES) && !entry.isDirectory()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        files.put(
                                entry.getName().substring(SOURCES.length()),
                                new String(in.readNBytes(LONGEST_SOURCE), StandardCharsets.UTF_8));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /// The Java release whose compiler made it, as its manifest says.
    private static String compiler(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry("META-INF/MANIFEST.MF");
        if (entry == null) {
            return "";
        }
        try (InputStream in = zip.getInputStream(entry)) {
            String jdk = new Manifest(in).getMainAttributes().getValue("Build-Jdk-Spec");
            return jdk == null ? "" : jdk.strip();
        }
    }

    private static void requireSize(Path jar) {
        try {
            Artifact.requireSize(Files.size(jar));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isClass(String entry) {
        return entry.endsWith(".class") && !entry.startsWith("META-INF/") && !entry.endsWith("module-info.class");
    }

    private static void refuseKafka(String name, String entry) {
        if (entry.startsWith("org/apache/kafka/")) {
            throw refusal(
                    "artifact-bundles-kafka",
                    "Jar '" + name + "': must not bundle Kafka, got " + entry
                            + ". Give weir-streams the scope 'provided': the node brings it and Kafka.",
                    null);
        }
    }

    private static void checkLevel(String name, String className, ZipFile zip, ZipEntry entry, int newestJava)
            throws IOException {
        try (DataInputStream in = new DataInputStream(zip.getInputStream(entry))) {
            if (in.readInt() != MAGIC) {
                throw refusal(
                        "artifact-not-a-jar", "Jar '" + name + "': " + className + " is no Java class file.", null);
            }
            in.readUnsignedShort();
            int major = in.readUnsignedShort();
            if (major - MAJOR_OF_JAVA_1 > newestJava) {
                throw refusal(
                        "artifact-java-level",
                        "Jar '" + name + "': class " + className + " is compiled for Java "
                                + (major - MAJOR_OF_JAVA_1) + " (class file version " + major
                                + "), this node runs Java " + newestJava + " (at most " + (newestJava + MAJOR_OF_JAVA_1)
                                + "). Compile with --release 21, or run the node on a newer Java.",
                        null);
            }
        }
    }

    private static WeirException refusal(String code, String message, @Nullable Exception e) {
        return new WeirException(code, Whose.USER, 422, message, e);
    }
}
