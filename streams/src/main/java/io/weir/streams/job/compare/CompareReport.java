package io.weir.streams.job.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// What a comparison of one output says: counts, and the first differences. Used by one thread.
public final class CompareReport {
    private static final int SHOWN = 10;

    private final String output;
    private final CompareRules rules;
    private final Comparison.Tally tally = new Comparison.Tally();
    private final List<Difference> first = new ArrayList<>();
    private long outside;
    private int firstOutside = -1;

    public CompareReport(String output, CompareRules rules) {
        this.output = output;
        this.rules = rules;
    }

    public Comparison.Tally tally() {
        return tally;
    }

    /// Takes note of one difference. Of those shown at least one is unexpected if any is.
    public void add(Difference difference) {
        boolean expected = Comparison.expected(rules, difference.key().get(), difference.left(), difference.right());
        outside += expected ? 0 : 1;
        if (first.size() < SHOWN) {
            first.add(difference);
            firstOutside = !expected && firstOutside < 0 ? first.size() - 1 : firstOutside;
        } else if (!expected && firstOutside < 0) {
            first.set(SHOWN - 1, difference);
            firstOutside = SHOWN - 1;
        }
    }

    public long outsideExpectation() {
        return outside;
    }

    public ObjectNode json() {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("output", output);
        body.putObject("left").put("rows", tally.left());
        body.putObject("right").put("rows", tally.right());
        body.put("equal", tally.equal())
                .put("missing", tally.missing())
                .put("extra", tally.extra())
                .put("changed", tally.changed())
                .put("open", tally.open())
                .put("outsideExpectation", outside);
        ArrayNode differences = body.putArray("first");
        for (Difference difference : first) {
            ObjectNode one = differences.addObject().put("partition", difference.partition());
            one.set("key", RowColumns.tree(difference.key().get()));
            if (difference.left() != null) {
                one.set("left", RowColumns.tree(difference.left().bytes()));
            }
            if (difference.right() != null) {
                one.set("right", RowColumns.tree(difference.right().bytes()));
            }
        }
        return body;
    }

    /// `equal`, `differs-as-expected` or `differs`.
    public static String verdict(List<CompareReport> reports) {
        boolean equal = reports.stream().allMatch(report -> report.tally.different() == 0);
        boolean expected = reports.stream().allMatch(report -> report.outside == 0);
        return equal ? "equal" : expected ? "differs-as-expected" : "differs";
    }
}
