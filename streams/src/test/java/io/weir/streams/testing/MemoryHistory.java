package io.weir.streams.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// History of ten readings of two sensors, and one of a table: `memory:readings`.
public final class MemoryHistory implements HistorySource {
    @Override
    public boolean reads(URI place) {
        return "memory".equals(place.getScheme());
    }

    @Override
    public List<HistoryRecord> read(URI place, String topic, long fromMillis, long toMillis) {
        List<HistoryRecord> all = new ArrayList<>();
        if (topic.equals("sensors")) {
            all.add(record(topic, 0, 0, 5_000, "a", "{\"place\":\"roof\"}"));
        } else {
            for (int i = 0; i < 10; i++) {
                all.add(record(topic, i % 2, i / 2, 1_000L * i, i % 2 == 0 ? "a" : "b", "{\"value\":" + i + "}"));
            }
            all.add(record(topic, 0, 5, 2_500, "a", "{\"value\":100}")); // out of order in its partition
        }
        return all.stream()
                .filter(record -> record.timestampMillis() >= fromMillis && record.timestampMillis() < toMillis)
                .toList();
    }

    private static HistoryRecord record(
            String topic, int partition, long offset, long millis, String key, String value) {
        return new HistoryRecord(
                topic,
                partition,
                offset,
                millis,
                key.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
    }
}
