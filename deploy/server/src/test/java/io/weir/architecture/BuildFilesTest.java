package io.weir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/// The build takes what it needs from wherever the user's own Maven settings say, in versions that stand in
/// one place.
class BuildFilesTest {
    private static final Pattern URL = Pattern.compile("https?://([A-Za-z0-9._-]+)");
    private static final Pattern REGISTRY = Pattern.compile(
            "repo1?\\.maven|central\\.sonatype|oss\\.sonatype|repository\\.apache\\.org|packages\\.confluent|jitpack\\.io|"
                    + "registry\\.npmjs|registry\\.yarnpkg|plugins\\.gradle|jcenter|artifactory|nexus|maven\\.pkg\\.github");

    private static final Path TO_COPY = Path.of("deploy/examples/job-project/pom.xml");

    /// Names of XML namespaces, no hosts that anything is fetched from.
    private static final List<String> NAMESPACES = List.of("maven.apache.org", "www.w3.org");

    @Test
    void noBuildFileNamesARegistry() throws IOException {
        List<String> breaches = new ArrayList<>();
        for (Path file : Repository.files()) {
            if (isBuildFile(file)) {
                String text = Files.readString(Repository.ROOT.resolve(file), StandardCharsets.UTF_8);
                for (String element :
                        List.of("<repositories>", "<pluginRepositories>", "<distributionManagement>", "<mirror>")) {
                    if (text.contains(element)) {
                        breaches.add(file + ": " + element);
                    }
                }
                Matcher registry = REGISTRY.matcher(text.toLowerCase(Locale.ROOT));
                while (registry.find()) {
                    breaches.add(file + ": " + registry.group());
                }
                if (file.toString().endsWith(".xml")) {
                    URL.matcher(text)
                            .results()
                            .map(match -> match.group(1))
                            .filter(host -> !NAMESPACES.contains(host))
                            .forEach(host -> breaches.add(file + ": " + host));
                }
            }
        }
        assertThat(breaches).isEmpty();
    }

    @Test
    void noModulePomNamesAVersion() throws Exception {
        List<String> breaches = new ArrayList<>();
        List<Path> poms = Repository.files().stream()
                .filter(file -> file.endsWith("pom.xml") && file.getNameCount() > 1)
                .filter(file -> !file.toString().contains("src/"))
                .toList();
        for (Path pom : poms) {
            NodeList versions = xml(Repository.ROOT.resolve(pom)).getElementsByTagName("version");
            for (int i = 0; i < versions.getLength(); i++) {
                Node version = versions.item(i);
                boolean parent = version.getParentNode().getNodeName().equals("parent");
                boolean own =
                        isOfItsOwn(pom) && version.getParentNode().getNodeName().equals("project");
                if (!parent && !own && !version.getTextContent().contains("${")) {
                    breaches.add(pom + ": <version>" + version.getTextContent() + "</version>");
                }
            }
        }
        assertThat(poms).hasSizeGreaterThan(5);
        assertThat(breaches).isEmpty();
    }

    /// The project that users copy stands alone; where it names a version of ours, it is the one of the root POM.
    @Test
    void theProjectToCopyNamesTheVersionsOfTheBuild() throws Exception {
        Element project = xml(Repository.ROOT.resolve(TO_COPY));
        Element root = xml(Repository.ROOT.resolve("pom.xml"));
        Map<String, String> known = properties(root);
        known.put("weir.version", children(root, "version").getFirst().getTextContent());
        Map<String, String> named = properties(project);

        assertThat(children(project, "parent")).isEmpty();
        assertThat(named).containsKeys("weir.version", "compiler-plugin.version", "surefire-plugin.version");
        assertThat(known).containsAllEntriesOf(named);
    }

    private static Map<String, String> properties(Element project) {
        Map<String, String> properties = new HashMap<>();
        Element element = (Element) children(project, "properties").getFirst();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element property) {
                properties.put(property.getTagName(), property.getTextContent());
            }
        }
        return properties;
    }

    private static List<Node> children(Element element, String name) {
        List<Node> children = new ArrayList<>();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeName().equals(name)) {
                children.add(child);
            }
        }
        return children;
    }

    private static boolean isOfItsOwn(Path pom) {
        return pom.equals(TO_COPY);
    }

    /// In the root POM a version is a property, so that it is changed in one place.
    @Test
    void everyVersionIsOneProperty() throws Exception {
        List<String> breaches = new ArrayList<>();
        NodeList versions = xml(Repository.ROOT.resolve("pom.xml")).getElementsByTagName("version");
        for (int i = 0; i < versions.getLength(); i++) {
            Node version = versions.item(i);
            boolean own = version.getParentNode().getNodeName().equals("project");
            boolean range = version.getParentNode().getNodeName().startsWith("require");
            if (!own && !range && !version.getTextContent().contains("${")) {
                breaches.add("<version>" + version.getTextContent() + "</version>");
            }
        }
        assertThat(breaches).isEmpty();
    }

    private static boolean isBuildFile(Path file) {
        String name = file.getFileName().toString();
        return name.equals("pom.xml")
                || name.equals("settings.xml")
                || name.equals("weir")
                || name.equals("package.json")
                || name.endsWith(".lock")
                || name.equals("package-lock.json")
                || name.endsWith(".sh")
                || file.startsWith(".mvn")
                || file.startsWith(".ci")
                || file.startsWith(".github/workflows");
    }

    private static Element xml(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getDocumentElement();
    }
}
