package io.weir.connect.library.file;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/// A column of a CSV file: where its cells come from, and its name in the header.
///
/// @param path the field inside the key or value, empty for the whole of it
record Column(Source source, String path, String name) {
    /// What a column takes its cells from.
    enum Source {
        KEY,
        VALUE,
        TOPIC,
        PARTITION,
        OFFSET,
        TIMESTAMP
    }

    private static final Set<String> RECORD_PARTS = Set.of("topic", "partition", "offset", "timestamp");
    private static final Pattern ENTRY = Pattern.compile("(?<source>\\S+)(?:\\s+as\\s+(?<name>\\S+))?");

    /// Reads a `columns` setting.
    ///
    /// @throws ConfigException naming the entry that is none, or a name that two columns have
    static List<Column> parse(List<String> entries) {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String entry : entries) {
            Column column = parse(entry.strip());
            if (!names.add(column.name())) {
                throw new ConfigException("Setting 'columns': must name each column once, got '" + column.name()
                        + "' twice. Rename one: '" + entry.strip() + " as <name>'.");
            }
            columns.add(column);
        }
        return List.copyOf(columns);
    }

    private static Column parse(String entry) {
        Matcher matcher = ENTRY.matcher(entry);
        if (matcher.matches()) {
            String text = matcher.group("source");
            int dot = text.indexOf('.');
            String head = dot < 0 ? text : text.substring(0, dot);
            String path = dot < 0 ? "" : text.substring(dot + 1);
            String name = matcher.group("name") == null ? lastName(text) : matcher.group("name");
            if (dot < 0 && RECORD_PARTS.contains(head)) {
                return new Column(Source.valueOf(head.toUpperCase(Locale.ROOT)), "", name);
            }
            boolean whole = dot < 0 || !path.isEmpty();
            if (whole && (head.equals("key") || head.equals("value"))) {
                return new Column(head.equals("key") ? Source.KEY : Source.VALUE, path, name);
            }
        }
        throw new ConfigException("Setting 'columns': must hold entries such as 'key', 'key.<field>', 'value',"
                + " 'value.<field>', 'topic', 'partition', 'offset' or 'timestamp', each with an optional ' as <name>',"
                + " got '" + entry + "'.");
    }

    private static String lastName(String text) {
        return text.substring(text.lastIndexOf('.') + 1);
    }
}
