package io.weir.streams.topology;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/// Runs consecutive stateless stages on each row. A null row has nothing to work on and is left out.
final class StatelessProcessor extends ContextualFixedKeyProcessor<Object, Object, Object> {
    private final RowStep[] steps;
    private final LongAdder[] in;
    private final LongAdder[] out;

    StatelessProcessor(List<RowStep> steps, StageCounters counters) {
        this.steps = steps.toArray(RowStep[]::new);
        this.in = steps.stream().map(step -> counters.in(step.stage())).toArray(LongAdder[]::new);
        this.out = steps.stream().map(step -> counters.out(step.stage())).toArray(LongAdder[]::new);
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        Object row = record.value();
        for (int i = 0; i < steps.length; i++) {
            in[i].increment();
            if (row == null) {
                return;
            }
            try {
                row = steps[i].apply(record.key(), row, context());
            } catch (RuntimeException e) {
                throw StageFailure.of(steps[i].stage(), e);
            } catch (Error e) {
                throw JobContext.noted(context(), steps[i].stage(), e);
            }
            if (row == null) {
                return;
            }
            out[i].increment();
        }
        context().forward(record.withValue(row));
    }
}
