package io.weir.streams.topology;

import io.weir.streams.replay.FoldQuery;
import io.weir.streams.topology.FoldPlan.Cell;
import io.weir.streams.topology.FoldPlan.Step;
import io.weir.streams.topology.FoldPlan.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The query that folds records of a partition as a plan's topology would.
///
/// ```
/// base     records as the topology binds them: event time in us and ms, members
/// passed   p = how many steps let a record pass, -1 for a tombstone
/// judged   bad = the topology might see a record differently, or turn it away
/// gated    those that reach the window, with the greatest event time so far, their own included
/// folded   those of them that are not late, by window and key
/// ```
///
/// The first row of the answer (kind 0) is [FoldCounts]; then comes one per window and key (kind 1), in the order of
/// window start and key, and one per key that has late rows (kind 2). Only the first is there if a record is bad.
/// Columns: `kind, start, key, rows`, then for each cell none, one or
/// two.
final class FoldSql {
    /// Bad offsets that are told at most.
    static final int MOST_BAD = 1_000;

    /// A sum of absolute values up to here cannot leave the range of a long together with a state that is as small.
    static final long SAFE_SUM = 1L << 62;

    private final FoldPlan plan;
    private final List<String> inputs = new ArrayList<>();
    private final List<String> aggregates = new ArrayList<>();
    private final List<String> results = new ArrayList<>();
    private final List<String> sums = new ArrayList<>();

    private FoldSql(FoldPlan plan) {
        this.plan = plan;
        for (int i = 0; i < plan.cells().size(); i++) {
            cell(i, plan.cells().get(i));
        }
    }

    /// @param latestMillis the greatest event time that is taken
    /// @param notBeforeMillis records with an earlier one are skipped; negative takes all
    /// @param mostWindows after which the answer is cut off
    static FoldQuery query(FoldPlan plan, long latestMillis, long notBeforeMillis, long mostWindows) {
        return new FoldQuery(plan.members(), new FoldSql(plan).text(latestMillis, notBeforeMillis), mostWindows + 1);
    }

    /// How many columns the answer has for a cell.
    static int width(Cell cell) {
        return switch (cell.kind()) {
            case COUNT -> 0;
            case COUNT_IF, SUM, MIN, MAX -> 1;
            case AVG, FIRST, LAST -> 2;
            case APPROXIMATE_SUM, APPROXIMATE_AVG, DISTINCT_APPROX, COLLECT ->
                throw new IllegalArgumentException(cell.kind() + " is not folded");
        };
    }

    private void cell(int number, Cell cell) {
        String of = "a" + number;
        String known = " FILTER (WHERE " + of + " IS NOT NULL)";
        switch (cell.kind()) {
            case COUNT -> {}
            case COUNT_IF -> result(number, "count(*) FILTER (WHERE " + of + ")");
            case SUM -> {
                result(number, "sum(" + of + ")");
                if (cell.value() == Value.LONG) {
                    aggregates.add("sum(abs(" + of + ")) AS z" + number);
                    sums.add("z" + number);
                }
            }
            case MIN -> result(number, "min(" + of + ")");
            case MAX -> result(number, "max(" + of + ")");
            case AVG -> {
                result(number, "sum(" + of + ")");
                second(number, "count(" + of + ")");
            }
            case FIRST -> {
                result(number, "arg_min(" + of + ", place)" + known);
                second(number, "min(t)" + known);
            }
            case LAST -> {
                result(number, "arg_max(" + of + ", place)" + known);
                second(number, "max(t)" + known);
            }
            case APPROXIMATE_SUM, APPROXIMATE_AVG, DISTINCT_APPROX, COLLECT ->
                throw new IllegalArgumentException(cell.kind() + " is not folded");
        }
        if (cell.of() != null) {
            inputs.add(cell.of() + " AS " + of);
        }
    }

    private void result(int number, String aggregate) {
        aggregates.add(aggregate + " AS r" + number);
        results.add("r" + number);
    }

    private void second(int number, String aggregate) {
        aggregates.add(aggregate + " AS q" + number);
        results.add("q" + number);
    }

    private String text(long latestMillis, long notBeforeMillis) {
        String skipped = notBeforeMillis < 0 ? "" : " WHERE coalesce(t >= " + notBeforeMillis + ", true)";
        return String.join(
                "\n",
                "WITH base AS (SELECT _offset AS o, _key AS k, _key_is_raw AS raw, _tombstone AS gone, _exact AS exact, "
                        + plan.eventTime() + " AS us, " + plan.eventTime() + " // 1000 AS t" + listed(queried())
                        + " FROM history),",
                "passed AS (SELECT *, " + passed() + " AS p FROM base" + skipped + "),",
                "judged AS MATERIALIZED (SELECT o, k, t, p, p >= 0 AND coalesce(" + bad(latestMillis) + ", true) AS bad"
                        + listed(inputs) + " FROM passed),",
                "gated AS MATERIALIZED (SELECT *, t - t % " + plan.windows().everyMillis() + " AS s,"
                        + " CAST(t AS HUGEINT) * 9223372036854775808 + o AS place,"
                        + " max(t) OVER (ORDER BY o ROWS UNBOUNDED PRECEDING) AS gate"
                        + " FROM judged WHERE p = " + plan.steps().size() + "),",
                "folded AS MATERIALIZED (SELECT s, k, count(*) AS n" + listed(aggregates) + " FROM gated WHERE s + "
                        + closing() + " > gate GROUP BY s, k),",
                "counted AS (SELECT count(*) FILTER (WHERE bad) = 0 AS clear, " + counts() + " AS c FROM judged)",
                "SELECT 0 AS kind, 0 AS s, c AS k, 0 AS n" + nothing() + " FROM counted",
                "UNION ALL SELECT 1, s, k, n"
                        + listed(results.stream()
                                .map(result -> "CAST(" + result + " AS VARCHAR)")
                                .toList())
                        + " FROM folded WHERE (SELECT clear FROM counted)",
                "UNION ALL SELECT DISTINCT 2, 0, k, 0" + nothing() + " FROM gated WHERE s + " + closing()
                        + " <= gate AND (SELECT clear FROM counted)",
                "ORDER BY kind, s, k");
    }

    private long closing() {
        return plan.windows().sizeMillis() + plan.windows().graceMillis();
    }

    private String nothing() {
        return listed(results.stream().map(result -> "NULL").toList());
    }

    private List<String> queried() {
        return plan.members().stream()
                .filter(FoldQuery.Member::queried)
                .map(FoldQuery.Member::column)
                .toList();
    }

    private String passed() {
        StringBuilder text = new StringBuilder("CASE WHEN gone THEN -1");
        for (int step = 0; step < plan.steps().size(); step++) {
            if (plan.steps().get(step) instanceof Step.Where where) {
                text.append(" WHEN NOT ")
                        .append(where.condition())
                        .append(" THEN ")
                        .append(step);
            }
        }
        return text.append(" ELSE ").append(plan.steps().size()).append(" END").toString();
    }

    /// Null where nothing is known.
    private String bad(long latestMillis) {
        List<String> bad = new ArrayList<>(List.of("NOT exact", "us < 0", "t > " + latestMillis));
        bad.add("us IS NULL");
        for (int i = 0; i < plan.members().size(); i++) {
            FoldQuery.Member member = plan.members().get(i);
            if (FoldColumns.isRequired(plan.source(), i)) {
                bad.add(member.column() + " IS NULL");
            }
            if (member.type() == FoldQuery.Type.INT) {
                bad.add("coalesce(" + member.column() + " NOT BETWEEN " + Integer.MIN_VALUE + " AND "
                        + Integer.MAX_VALUE + ", false)");
            }
        }
        for (int step = 0; step < plan.steps().size(); step++) {
            if (plan.steps().get(step) instanceof Step.Claim claim) {
                bad.add("(p >= " + step + " AND " + claim.column() + " IS DISTINCT FROM k)");
            }
        }
        String spelled = plan.key().pattern == null ? "" : " OR NOT regexp_full_match(k, '" + plan.key().pattern + "')";
        bad.add("(p = " + plan.steps().size() + " AND (k IS NULL OR raw" + spelled + "))");
        return String.join(" OR ", bad);
    }

    /// As [FoldCounts] reads them.
    private String counts() {
        List<String> counts = new ArrayList<>(List.of("count(*)", "count(*) FILTER (WHERE p >= 0)"));
        for (int step = 1; step <= plan.steps().size(); step++) {
            counts.add("count(*) FILTER (WHERE p >= " + step + ")");
        }
        counts.add("(SELECT count(*) FROM gated) - (SELECT coalesce(sum(n), 0) FROM folded)");
        counts.add("(SELECT coalesce(max(t), -1) FROM gated)");
        counts.add("(SELECT coalesce(max(greatest(0" + listed(sums) + ")), 0) FROM folded) <= " + SAFE_SUM);
        counts.add("coalesce(array_to_string(list_sort(min(o, " + MOST_BAD + ") FILTER (WHERE bad)), ','), '')");
        return "concat_ws('|', " + String.join(", ", counts) + ")";
    }

    private static String listed(List<String> columns) {
        return columns.stream().map(column -> ", " + column).collect(Collectors.joining());
    }
}
