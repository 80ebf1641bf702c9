package io.weir.streams.job.life;

import io.weir.streams.job.compare.ResultView;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Outputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Where a version's results stand just now, partition by partition.
final class ResultViews {
    private final JobCluster cluster;

    ResultViews(JobCluster cluster) {
        this.cluster = cluster;
    }

    /// Views by partition; empty for an output that is not there yet.
    Map<Integer, ResultView> of(JobVersion version, String sink) {
        Outputs outputs = version.outputs();
        String own = outputs.topicOf(sink);
        Set<String> topics = new TreeSet<>(Set.of(own));
        boolean shared = outputs.shared().keySet().stream()
                .anyMatch(name -> Vectors.partition(name).topic().equals(sink));
        if (shared) {
            topics.add(sink);
        }
        Map<String, Long> ends = cluster.ends(topics);
        Map<Integer, List<ResultView.Range>> ranges = new TreeMap<>();
        if (shared) {
            outputs.shared().forEach((name, end) -> add(ranges, sink, name, 0, end));
        }
        ends.forEach((name, end) -> add(ranges, own, name, outputs.own().getOrDefault(name, 0L), end));
        Map<Integer, ResultView> views = new TreeMap<>();
        ranges.forEach((partition, list) -> views.put(partition, new ResultView(list)));
        return views;
    }

    private static void add(
            Map<Integer, List<ResultView.Range>> ranges, String topic, String name, long from, long to) {
        if (Vectors.partition(name).topic().equals(topic)) {
            int partition = Vectors.partition(name).partition();
            ranges.computeIfAbsent(partition, unknown -> new ArrayList<>())
                    .add(new ResultView.Range(topic, partition, from, to));
        }
    }
}
