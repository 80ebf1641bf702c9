package io.weir.tiered.query.child;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Why a statement failed, in the words that the parent maps to problems.
///
/// @param kind `syntax`, `invalid` (names, types, values: the statement's own fault), `memory`, `time`,
///     `permission`, `file`, `internal`
/// @param message DuckDB's sentence without its `... Error:` prefix and without its excerpt
record Failure(String kind, String message) {
    private static final Pattern PREFIX = Pattern.compile("^(?:java\\.sql\\.SQLException: )?([A-Za-z ]+?) [Ee]rror: ?");

    static Failure of(SQLException e) {
        String text = String.valueOf(e.getMessage());
        Matcher prefix = PREFIX.matcher(text);
        if (!prefix.find()) {
            return new Failure("internal", text);
        }
        String kind = switch (prefix.group(1).toLowerCase(Locale.ROOT)) {
            case "parser", "syntax" -> "syntax";
            case "out of memory" -> "memory";
            case "interrupt" -> "time";
            case "permission" -> "permission";
            case "io", "serialization", "corruption", "http" -> "file";
            case "internal", "fatal", "connection", "invalid" -> "internal";
            default -> "invalid";
        };
        int excerpt = text.indexOf("\n\nLINE ");
        return new Failure(
                kind,
                text.substring(prefix.end(), excerpt < 0 ? text.length() : Math.max(excerpt, prefix.end()))
                        .strip());
    }

    String toJson() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kind", kind);
        members.put("message", message);
        return JsonText.write(members);
    }
}
