package io.weir.architecture;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The jars that Maven resolved for the node, read from this JVM's class path. Of the test scope it holds a
/// few more, never fewer.
final class ClassPath {
    /// `.../org/apache/kafka/kafka-clients/4.3.1/kafka-clients-4.3.1.jar`
    private static final Pattern JAR =
            Pattern.compile("(?<group>.*)/(?<artifact>[^/]+)/(?<version>[^/]+)/\\k<artifact>-\\k<version>[^/]*\\.jar");

    private ClassPath() {}

    /// A resolved artifact. `folders` is its group as folders, with whatever lies in front of the local
    /// repository.
    record Jar(String folders, String artifact, String version) {
        boolean isOf(String group) {
            return ("/" + folders).endsWith("/" + group.replace('.', '/'));
        }

        boolean isBelow(String group) {
            return (folders + "/").contains("/" + group.replace('.', '/') + "/");
        }

        @Override
        public String toString() {
            return artifact + ":" + version;
        }
    }

    static List<Jar> jars() {
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .map(entry -> Path.of(entry).toString().replace(File.separatorChar, '/'))
                .map(JAR::matcher)
                .filter(Matcher::matches)
                .map(jar -> new Jar(jar.group("group"), jar.group("artifact"), jar.group("version")))
                .distinct()
                .toList();
    }
}
