package io.weir.streams.topology;

import io.weir.streams.dsl.Column;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Gives each row a new key.
final class KeyByProcessor extends ContextualProcessor<Object, Object, Object, Object> {
    private final String stage;
    private final Column<Object, @Nullable Object> key;
    private final LongAdder in;
    private final LongAdder out;

    KeyByProcessor(String stage, Column<Object, @Nullable Object> key, StageCounters counters) {
        this.stage = stage;
        this.key = key;
        this.in = counters.in(stage);
        this.out = counters.out(stage);
    }

    @Override
    public void process(Record<Object, Object> record) {
        in.increment();
        Object value = record.value();
        if (value == null) {
            return;
        }
        Object newKey;
        try {
            newKey = key.of(value);
        } catch (RuntimeException e) {
            throw StageFailure.of(stage, e);
        } catch (Error e) {
            throw RunContext.noted(context(), stage, e);
        }
        if (newKey == null) {
            throw new StageFailure(stage, "a key must not be null. Leave such rows out with where.", null);
        }
        out.increment();
        context().forward(record.withKey(newKey));
    }
}
