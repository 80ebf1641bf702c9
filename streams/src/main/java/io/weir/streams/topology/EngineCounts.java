package io.weir.streams.topology;

import io.weir.streams.job.RunEngine;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// Finds the engine's own counts among its metrics.
final class EngineCounts {
    private EngineCounts() {}

    static RunEngine of(Map<MetricName, ? extends Metric> metrics) {
        long dropped = 0;
        long commits = 0;
        long rebalances = 0;
        long abortNanos = 0;
        for (Map.Entry<MetricName, ? extends Metric> each : metrics.entrySet()) {
            MetricName name = each.getKey();
            switch (name.name()) {
                case "dropped-records-total" -> dropped += value(each.getValue());
                case "commit-total" ->
                    commits += name.group().equals("stream-thread-metrics") ? value(each.getValue()) : 0;
                case "rebalance-total" -> rebalances += value(each.getValue());
                case "txn-abort-time-ns-total" -> abortNanos += value(each.getValue());
                default -> {} // of other use
            }
        }
        return new RunEngine(dropped, commits, rebalances, abortNanos);
    }

    private static long value(Metric metric) {
        return metric.metricValue() instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }
}
