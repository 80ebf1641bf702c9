package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.query.process.Outcome;
import io.weir.tiered.query.process.ParseAnswer;
import java.util.Locale;

/// The one place where what a child reports becomes a problem.
final class ChildProblems {
    private ChildProblems() {}

    /// `sql-syntax` with the position, or `sql-not-one-select`.
    static WeirException refused(ParseAnswer.Refused refusal, String sql) {
        if (!refusal.syntax()) {
            return new WeirException(
                    "sql-not-one-select",
                    Whose.USER,
                    "SQL: only one SELECT statement is offered, got '" + firstWord(sql)
                            + "'. Topics are written by producers, connectors and jobs.");
        }
        String where = refusal.position().isPresent()
                ? at(sql, (int) refusal.position().getAsLong())
                : "";
        return new WeirException("sql-syntax", Whose.USER, "SQL: " + refusal.message() + where + ".");
    }

    /// `query-timeout`, with the stage the statement was in when its time was up.
    static WeirException timeout(RunningQuery query, long limitMillis) {
        return new WeirException(
                "query-timeout",
                Whose.USER,
                408,
                "SQL: the limit of " + limitMillis + " ms was reached while the statement was "
                        + query.stage().name().toLowerCase(Locale.ROOT)
                        + ". Ask for less, or raise 'timeoutMs' up to 'weir.sql.timeout'.",
                null);
    }

    static WeirException cancelled() {
        return new WeirException("query-cancelled", Whose.USER, 409, "SQL: the statement was cancelled.", null);
    }

    static WeirException failed(Outcome.Failed failure) {
        return switch (failure.kind()) {
            case "syntax" -> new WeirException("sql-syntax", Whose.USER, "SQL: " + oneLine(failure) + ".");
            case "invalid" -> new WeirException("sql-invalid", Whose.USER, "SQL: " + oneLine(failure));
            case "memory" ->
                new WeirException(
                        "query-memory",
                        Whose.USER,
                        422,
                        "SQL: the statement needs more than 'weir.sql.memory': " + oneLine(failure),
                        null);
            case "permission" ->
                new WeirException("sql-refused", Whose.USER, "SQL: statements reach topics only: " + oneLine(failure));
            case "file" -> new WeirException("archive-corrupt", Whose.INTERNAL, "SQL: " + oneLine(failure));
            default -> new WeirException("query-failed", Whose.INTERNAL, "SQL: " + oneLine(failure));
        };
    }

    private static String oneLine(Outcome.Failed failure) {
        return failure.message().strip().replaceAll("\\s*\\n\\s*", " ");
    }

    /// ` at line 1, column 8 (character 8, near 'FORM')`, counted from 1.
    private static String at(String sql, int position) {
        int bounded = Math.clamp(position, 0, sql.length());
        int line =
                (int) sql.substring(0, bounded).chars().filter(c -> c == '\n').count() + 1;
        int column = bounded - (sql.lastIndexOf('\n', bounded - 1) + 1) + 1;
        return " at line " + line + ", column " + column + " (character " + (bounded + 1) + ")";
    }

    private static String firstWord(String sql) {
        String text = sql.strip();
        int end = 0;
        while (end < text.length() && end < 20 && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end).toUpperCase(Locale.ROOT);
    }
}
