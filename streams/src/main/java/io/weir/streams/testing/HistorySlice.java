package io.weir.streams.testing;

import io.weir.streams.dsl.StreamJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A part of the history of one or more topics, in the order in which a replay would deliver it: by time, where a
/// partition's time is the greatest it has shown, so that records of one partition keep their order.
public final class HistorySlice {
    private final List<HistoryRecord> records;

    private record Timed(long millis, int topic, HistoryRecord record) {}

    private HistorySlice(List<HistoryRecord> records) {
        this.records = List.copyOf(records);
    }

    /// @param byTopic of records at one time those of an earlier topic come first: tables before streams
    static HistorySlice of(Map<String, List<HistoryRecord>> byTopic) {
        List<Timed> timed = new ArrayList<>();
        int topic = 0;
        for (List<HistoryRecord> records : byTopic.values()) {
            Map<Integer, Long> shown = new HashMap<>();
            for (HistoryRecord record : records) {
                long millis = shown.merge(record.partition(), record.timestampMillis(), Math::max);
                timed.add(new Timed(millis, topic, record));
            }
            topic++;
        }
        timed.sort(Comparator.comparingLong(Timed::millis).thenComparingInt(Timed::topic)); // stable: offsets in order
        return new HistorySlice(timed.stream().map(Timed::record).toList());
    }

    /// In the order of their delivery.
    public List<HistoryRecord> records() {
        return records;
    }

    /// Lets a job read the slice and closes all its windows. The caller closes the scenario.
    public StreamScenario play(StreamJob job) {
        StreamScenario scenario = StreamScenario.of(job);
        boolean whole = false;
        try {
            for (HistoryRecord record : records) {
                scenario.at(Instant.ofEpochMilli(record.timestampMillis()))
                        .send(record.topic(), record.key(), record.value());
            }
            scenario.closeWindows();
            whole = true;
            return scenario;
        } finally {
            if (!whole) {
                scenario.close();
            }
        }
    }

    /// Lets two versions of a job read the slice and compares what they have written to a topic: the newest row of each
    /// key.
    public HistoryComparison compare(StreamJob was, StreamJob is, String output) {
        return new HistoryComparison(output, newest(was, output), newest(is, output));
    }

    private Map<String, String> newest(StreamJob job, String output) {
        Map<String, String> newest = new LinkedHashMap<>();
        try (StreamScenario scenario = play(job)) {
            for (Row<String> row : scenario.read(output, String.class)) {
                String key = String.valueOf(row.key());
                @Nullable String value = row.value();
                if (value == null) {
                    newest.remove(key);
                } else {
                    newest.put(key, value);
                }
            }
        }
        return newest;
    }
}
