package io.weir.streams.topology;

import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/// Passes rows on as they are, and counts them.
final class Passing extends ContextualFixedKeyProcessor<Object, Object, Object> {
    private final LongAdder in;
    private final LongAdder out;

    Passing(String stage, StageCounters counters) {
        this.in = counters.in(stage);
        this.out = counters.out(stage);
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        in.increment();
        out.increment();
        context().forward(record);
    }
}
