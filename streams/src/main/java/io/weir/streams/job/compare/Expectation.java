package io.weir.streams.job.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which rows are meant to differ: `state = 'GA' and flights >= 10`. Comparisons of a column with a string, a number,
/// `true`, `false` or `null`, joined by `and`. A column is a member of the row, or of its key: `key`,
/// `window_start`.
public final class Expectation {
    private static final Pattern COMPARISON =
            Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_.]*)\\s*(=|!=|<>|<=|>=|<|>)\\s*('(?:[^']|'')*'|[^\\s']+)\\s*");
    private static final Pattern AND = Pattern.compile("(?i)and\\s");

    private final List<Term> terms;

    private record Term(String column, String operator, String literal) {}

    private Expectation(List<Term> terms) {
        this.terms = terms;
    }

    /// @throws WeirException `expect-invalid` (400) naming the place
    public static Expectation parse(String text) {
        List<Term> terms = new ArrayList<>();
        Matcher matcher = COMPARISON.matcher(text);
        int at = 0;
        while (true) {
            if (!matcher.region(at, text.length()).lookingAt()) {
                throw refusal(text, at);
            }
            terms.add(new Term(matcher.group(1), matcher.group(2), matcher.group(3)));
            at = matcher.end();
            if (at == text.length()) {
                return new Expectation(List.copyOf(terms));
            }
            Matcher and = AND.matcher(text).region(at, text.length());
            if (!and.lookingAt()) {
                throw refusal(text, at);
            }
            at = and.end();
        }
    }

    /// @param column the value of a column; a missing node for an unknown one
    boolean covers(Function<String, JsonNode> column) {
        return terms.stream().allMatch(term -> holds(term, column.apply(term.column())));
    }

    private static boolean holds(Term term, JsonNode value) {
        String literal = term.literal();
        if (literal.toLowerCase(Locale.ROOT).equals("null")) {
            boolean isNull = value.isNull() || value.isMissingNode();
            return term.operator().equals("=") == isNull;
        }
        if (value.isNull() || value.isMissingNode()) {
            return false;
        }
        int order = literal.startsWith("'")
                ? value.asText()
                        .compareTo(literal.substring(1, literal.length() - 1).replace("''", "'"))
                : compare(value, literal);
        return switch (term.operator()) {
            case "=" -> order == 0;
            case "!=", "<>" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int compare(JsonNode value, String literal) {
        if (value.isNumber()) {
            return value.decimalValue().compareTo(new BigDecimal(literal));
        }
        return value.asText().compareTo(literal);
    }

    private static WeirException refusal(String text, int at) {
        return new WeirException(
                "expect-invalid",
                Whose.USER,
                "Expectation \"" + text
                        + "\": must be comparisons joined by and, such as state = 'GA' and flights >= 10;"
                        + " it breaks at character " + (at + 1) + ".");
    }
}
