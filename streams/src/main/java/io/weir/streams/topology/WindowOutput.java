package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.WindowKey;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Passes on what a window has been folded into.
final class WindowOutput {
    private final String node;
    private final LongAdder out;

    WindowOutput(Stage.WindowFold stage, StageCounters counters) {
        this.node = node(stage.name());
        this.out = counters.out(stage.name());
    }

    /// The node that makes rows of states.
    static String node(String stage) {
        return stage + "-finals";
    }

    /// @param endMillis first millisecond after the window
    /// @param state of the fold; null = the window has become part of another
    void forward(
            ProcessorContext<Object, Object> context,
            Object key,
            long startMillis,
            long endMillis,
            byte @Nullable [] state) {
        out.increment();
        WindowKey<Object> windowKey =
                new WindowKey<>(key, Instant.ofEpochMilli(startMillis), Instant.ofEpochMilli(endMillis));
        context.forward(new Record<>(windowKey, (Object) state, endMillis - 1), node);
    }
}
