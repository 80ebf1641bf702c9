package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Counts the rows that a gate turns away, and sends them to the late topic, if there is one, with headers
/// that say how late they were.
final class LateRows {
    private final @Nullable String node;
    private final LongAdder late;

    /// @param node of the topology that late rows are forwarded to; null = they are counted
    LateRows(Stage stage, @Nullable String node, StageCounters counters) {
        this.node = node;
        this.late = counters.late(stage.name());
    }

    /// The store of a stage's gate.
    static StoreBuilder<KeyValueStore<Integer, Long>> gateStore(String stage) {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(gateName(stage)), Serdes.Integer(), Serdes.Long())
                .withCachingEnabled();
    }

    static String gateName(String stage) {
        return stage + "-gate";
    }

    static String node(String stage) {
        return stage + "-late";
    }

    void count(long rows) {
        late.add(rows);
    }

    void turnAway(Record<Object, Object> record, LateGate gate, ProcessorContext<Object, Object> context) {
        late.increment();
        String to = node;
        if (to == null) {
            return;
        }
        Headers headers = new RecordHeaders(record.headers());
        add(
                headers,
                "weir.late.by",
                String.valueOf(Math.max(0, gate.timeMillis() - gate.lateFrom(record.timestamp()))));
        add(headers, "weir.late.gate", Instant.ofEpochMilli(gate.timeMillis()).toString());
        RecordMetadata at = context.recordMetadata().orElse(null);
        if (at != null) {
            add(headers, "weir.late.partition", String.valueOf(at.partition()));
            add(headers, "weir.late.offset", String.valueOf(at.offset()));
        }
        context.forward(record.withHeaders(headers), to);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
