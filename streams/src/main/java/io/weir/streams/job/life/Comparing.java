package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.compare.CompareReport;
import io.weir.streams.job.compare.CompareRules;
import io.weir.streams.job.compare.Comparison;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.compare.ResultView;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Transitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Compares the results of two versions: every output of both that has a row per key. Changes nothing.
final class Comparing {
    private final JobCluster cluster;
    private final ResultReader reader;
    private final Lineage lineage;

    Comparing(NodeParts parts) {
        this.cluster = parts.cluster();
        this.reader = parts.reader();
        this.lineage = new Lineage(parts);
    }

    /// @return `{"verdict":..,"left":1,"right":2,"outputs":[..]}`
    ObjectNode compare(Job job, Operation operation) {
        JobVersion left = Transitions.require(job, left(job, operation));
        JobVersion right = Transitions.require(job, operation.version());
        CompareRules rules = CompareRules.of(operation.request());
        ResultViews views = new ResultViews(cluster);
        List<CompareReport> reports = new ArrayList<>();
        for (String sink : comparable(left, right)) {
            CompareReport report = new CompareReport(sink, rules);
            Comparison comparison = new Comparison(reader, rules, true, report.tally(), report::add);
            Map<Integer, ResultView> ours = views.of(left, sink);
            Map<Integer, ResultView> theirs = views.of(right, sink);
            Set<Integer> partitions = new TreeSet<>(ours.keySet());
            partitions.addAll(theirs.keySet());
            for (int partition : partitions) {
                comparison.compare(
                        partition,
                        ours.getOrDefault(partition, new ResultView(List.of())),
                        theirs.getOrDefault(partition, new ResultView(List.of())));
            }
            reports.add(report);
        }
        if (reports.isEmpty()) {
            throw new WeirException(
                    "compare-refused",
                    Whose.USER,
                    422,
                    "Job '" + job.name() + "': versions " + left.number() + " and " + right.number()
                            + " have no output in common with a row per key, so there is nothing to be compared.",
                    null);
        }
        ObjectNode result = JsonNodeFactory.instance
                .objectNode()
                .put("verdict", CompareReport.verdict(reports))
                .put("left", left.number())
                .put("right", right.number());
        ArrayNode outputs = result.putArray("outputs");
        for (CompareReport report : reports) {
            ObjectNode shown = report.json();
            lineage.add(job, right, shown.path("output").asText(), shown);
            outputs.add(shown);
        }
        return result;
    }

    /// The version that is compared with; the live one unless the request names another.
    static int left(Job job, Operation operation) {
        return Integer.parseInt(operation.request().getOrDefault("left", String.valueOf(job.live())));
    }

    private static List<String> comparable(JobVersion left, JobVersion right) {
        Set<String> ours = keyed(left);
        return keyed(right).stream().filter(ours::contains).sorted().toList();
    }

    private static Set<String> keyed(JobVersion version) {
        Set<String> sinks = new TreeSet<>(PlanFacts.keyedSinks(version.plan().json()));
        sinks.addAll(PlanFacts.foreignSinks(version.plan().json()));
        return sinks;
    }
}
