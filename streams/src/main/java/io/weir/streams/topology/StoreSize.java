package io.weir.streams.topology;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// About how large a store is in this process, over all its partitions, as RocksDB estimates it without reading.
///
/// @param entries -1 when it is not known
/// @param bytes in files and write buffers; -1 when it is not known
record StoreSize(long entries, long bytes) {
    static final StoreSize UNKNOWN = new StoreSize(-1, -1);

    private static final String STORE = "rocksdb-state-id";

    /// By store.
    static Map<String, StoreSize> of(Map<MetricName, ? extends Metric> metrics) {
        Map<String, StoreSize> sizes = new HashMap<>();
        metrics.forEach((name, metric) -> {
            String store = name.tags().get(STORE);
            if (store == null || !(metric.metricValue() instanceof Number number)) {
                return;
            }
            long value = Math.max(0, number.longValue());
            switch (name.name()) {
                case "estimate-num-keys" -> sizes.merge(store, new StoreSize(value, 0), StoreSize::plus);
                case "total-sst-files-size", "size-all-mem-tables" ->
                    sizes.merge(store, new StoreSize(0, value), StoreSize::plus);
                default -> {} // other properties of RocksDB
            }
        });
        return sizes;
    }

    private StoreSize plus(StoreSize other) {
        return new StoreSize(entries + other.entries, bytes + other.bytes);
    }
}
