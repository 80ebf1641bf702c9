package io.weir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Documentation that names a class, a package or a path which is gone is wrong, and nobody notices by
/// reading.
class DocsNamesTest {
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^\\s*```.*?^\\s*```\\s*$");
    private static final Pattern TICKED = Pattern.compile("`([^`\n]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final Pattern OUR_NAME =
            Pattern.compile("(?:io\\.weir)(?:\\.[a-z][a-z0-9]*)*(?:\\.([A-Z]\\w*))?(?:[#.]\\w+)?");
    private static final Pattern CLASS =
            Pattern.compile("@?([A-Z][a-z0-9]+(?:[A-Z]+[a-z0-9]*)+)(?:[#.]\\w+)?(?:\\(.*\\))?");
    private static final Pattern PATH = Pattern.compile("\\.?[A-Za-z0-9_-]+(?:/[A-Za-z0-9_.-]+)+/?|[A-Za-z-]+\\.md");
    private static final Pattern DECLARED =
            Pattern.compile("\\b(?:class|record|interface|enum|@interface)\\s+([A-Z]\\w*)");

    @Test
    void everyNameInTheDocsExists() throws IOException {
        Set<String> classes = new HashSet<>(ownClasses());
        classes.addAll(foreignClasses());
        Set<String> packages = ownPackages();
        List<String> wrong = new ArrayList<>();
        List<Path> pages = pages();
        for (Path page : pages) {
            String text = CODE_BLOCK
                    .matcher(Files.readString(Repository.ROOT.resolve(page), StandardCharsets.UTF_8))
                    .replaceAll("");
            TICKED.matcher(text)
                    .results()
                    .map(match -> match.group(1).strip())
                    .distinct()
                    .forEach(name -> {
                        if (!exists(name, page, classes, packages)) {
                            wrong.add(page + ": `" + name + "`");
                        }
                    });
            LINK.matcher(text).results().map(match -> match.group(1)).distinct().forEach(link -> {
                Path target = beside(page).resolve(link).normalize();
                if (!link.contains(":") && !Files.exists(target)) {
                    wrong.add(page + ": link to " + link);
                }
            });
        }
        assertThat(pages).isNotEmpty();
        assertThat(wrong).as("names in the docs that do not exist").isEmpty();
    }

    @Test
    void aNameThatIsGoneIsNoticed() throws IOException {
        Set<String> classes = ownClasses();
        Set<String> packages = ownPackages();
        Path page = Path.of("README.md");

        assertThat(exists("TopicNameThatIsGone", page, classes, packages)).isFalse();
        assertThat(exists("TopicName", page, classes, packages)).isTrue();
        assertThat(exists("io.weir.log.topic.TopicName", page, classes, packages))
                .isTrue();
        assertThat(exists("io.weir.log.topic.TopicNameThatIsGone", page, classes, packages))
                .isFalse();
        assertThat(exists("io.weir.log.gone", page, classes, packages)).isFalse();
        assertThat(exists("deploy/examples/data/airports.csv", page, classes, packages))
                .isTrue();
        assertThat(exists("deploy/examples/data/gone.csv", page, classes, packages))
                .isFalse();
        assertThat(exists("docs/gone.md", page, classes, packages)).isFalse();
    }

    private static boolean exists(String name, Path page, Set<String> classes, Set<String> packages) {
        Matcher ours = OUR_NAME.matcher(name);
        if (ours.matches()) {
            String type = ours.group(1);
            return type == null
                    ? packages.contains(name)
                    : classes.contains(type) && packages.contains(packageOf(name));
        }
        Matcher type = CLASS.matcher(name);
        if (type.matches()) {
            return classes.contains(type.group(1));
        }
        if (PATH.matcher(name).matches() && isOfThisRepository(name)) {
            return Files.exists(Repository.ROOT.resolve(name))
                    || Files.exists(beside(page).resolve(name));
        }
        return true;
    }

    private static String packageOf(String name) {
        Matcher start = Pattern.compile("^(.*?)\\.[A-Z].*$").matcher(name);
        return start.matches() ? start.group(1) : name;
    }

    /// Whether it begins with a folder of the root; anything else may be a URL path, a content type or a
    /// ratio.
    private static boolean isOfThisRepository(String name) {
        String first = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
        return name.endsWith(".md")
                || (Files.isDirectory(Repository.ROOT.resolve(first)) && !first.isEmpty() && !first.equals("target"));
    }

    private static Path beside(Path page) {
        return Repository.ROOT.resolve(page).getParent();
    }

    private static List<Path> pages() throws IOException {
        return Repository.files().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .toList();
    }

    private static Set<String> ownPackages() throws IOException {
        Set<String> packages = new HashSet<>(Set.of("io.weir"));
        for (Path file : Repository.files()) {
            String path = file.toString().replace('\\', '/');
            int root = path.indexOf("/java/io/weir/");
            if (root >= 0 && path.endsWith(".java")) {
                String folder = path.substring(root + "/java/".length(), path.lastIndexOf('/'));
                while (folder.length() > "io/weir".length()) {
                    packages.add(folder.replace('/', '.'));
                    folder = folder.substring(0, folder.lastIndexOf('/'));
                }
            }
        }
        return packages;
    }

    private static Set<String> ownClasses() throws IOException {
        Set<String> classes = new HashSet<>();
        for (Path file : Repository.files()) {
            if (file.toString().endsWith(".java")) {
                String source = Files.readString(Repository.ROOT.resolve(file), StandardCharsets.UTF_8);
                DECLARED.matcher(source).results().forEach(match -> classes.add(match.group(1)));
            }
        }
        return classes;
    }

    /// Simple names of the classes that the node's libraries and the JDK bring.
    private static Set<String> foreignClasses() throws IOException {
        Set<String> classes = new HashSet<>();
        for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            if (entry.endsWith(".jar")) {
                try (JarFile jar = new JarFile(entry)) {
                    jar.stream().forEach(file -> addSimpleName(file.getName(), classes));
                }
            }
        }
        Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
        try (Stream<Path> files = Files.walk(modules)) {
            files.forEach(file -> addSimpleName(file.toString(), classes));
        }
        return classes;
    }

    private static void addSimpleName(String file, Set<String> classes) {
        if (file.endsWith(".class")) {
            String name = file.substring(file.lastIndexOf('/') + 1, file.length() - ".class".length());
            classes.add(name.substring(name.lastIndexOf('$') + 1));
        }
    }
}
