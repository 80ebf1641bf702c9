package io.weir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The reference page of metrics, and the names that a node exports.
final class MetricsPage {
    private static final Path PAGE = Path.of("../../docs/reference/metrics.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(weir_[a-z_]+)` \\|(.*)$");
    private static final Pattern SERIES = Pattern.compile("(?m)^(weir_[a-z_]+)[ {]");

    private MetricsPage() {}

    /// Names on the page.
    static Set<String> names() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Names on the page that a node does not export all the time.
    static Set<String> sometimes() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .filter(row -> row.group(2).contains("only while"))
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Names in an answer of `/q/metrics`; count and sum of a summary stand under its own name.
    static Set<String> exported(String answer) {
        return SERIES.matcher(answer)
                .results()
                .map(series -> series.group(1).replaceFirst("_seconds_(count|sum)$", "_seconds"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
