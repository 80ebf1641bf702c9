package io.weir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Code in README and docs stands in the repository as it is shown: a block behind `<!-- from path -->` is a part of
/// that file. So it compiles, and a test runs it.
class QuotedSourcesTest {
    private static final Pattern QUOTED =
            Pattern.compile("<!-- from (\\S+) -->\\s*```[a-z]*\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COUNTED =
            Pattern.compile("\\| `(deploy/examples/[^`]+)` \\| [^|]+ \\| (\\d+) \\|", Pattern.MULTILINE);

    @Test
    void quotedSourcesStandInTheRepositoryAsTheyAreShown() throws IOException {
        List<String> wrong = new ArrayList<>();
        Set<Path> pages = new HashSet<>();
        for (Path page : pages()) {
            Matcher quotes = QUOTED.matcher(Files.readString(Repository.ROOT.resolve(page)));
            while (quotes.find()) {
                pages.add(page);
                Path source = Repository.ROOT.resolve(quotes.group(1));
                if (!Files.isRegularFile(source) || !Files.readString(source).contains(quotes.group(2))) {
                    wrong.add(page + ": " + quotes.group(1) + " does not hold\n" + quotes.group(2));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(pages).contains(Path.of("README.md")).hasSizeGreaterThan(5);
    }

    /// Lines of code are those that hold more than a comment, an import or a package.
    @Test
    void thePartsOfTheLambdaWayAreCounted() throws IOException {
        Path page = Path.of("docs/tutorial/lambda.md");
        Matcher counted = COUNTED.matcher(Files.readString(Repository.ROOT.resolve(page)));
        List<String> wrong = new ArrayList<>();
        int parts = 0;
        while (counted.find()) {
            parts++;
            long lines = linesOfCode(Repository.ROOT.resolve(counted.group(1)));
            if (lines != Long.parseLong(counted.group(2))) {
                wrong.add(counted.group(1) + " has " + lines + " lines of code");
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(parts).isEqualTo(4);
    }

    private static long linesOfCode(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//") && !line.startsWith("--"))
                .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
                .count();
    }

    private static List<Path> pages() throws IOException {
        return Repository.files().stream()
                .filter(file -> file.toString().endsWith(".md"))
                .toList();
    }
}
