package io.weir.streams.topology;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/// Runs consecutive stateless stages on each row. A null row has nothing to work on and is left out, or where
/// rows replace each other it deletes, as does a row that a stage leaves out.
final class StatelessProcessor extends ContextualFixedKeyProcessor<Object, Object, Object> {
    private final RowStep[] steps;
    private final boolean upserts;
    private final LongAdder[] in;
    private final LongAdder[] out;

    /// @param upserts whether a row replaces the one before of its key
    StatelessProcessor(List<RowStep> steps, boolean upserts, StageCounters counters) {
        this.steps = steps.toArray(RowStep[]::new);
        this.upserts = upserts;
        this.in = steps.stream().map(step -> counters.in(step.stage())).toArray(LongAdder[]::new);
        this.out = steps.stream().map(step -> counters.out(step.stage())).toArray(LongAdder[]::new);
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        Object row = record.value();
        if (row instanceof FoldedRows folded) {
            count(folded.counts());
            context().forward(record.withValue(row));
            return;
        }
        for (int i = 0; i < steps.length; i++) {
            in[i].increment();
            if (row == null) {
                delete(record);
                return;
            }
            try {
                row = steps[i].apply(record.key(), row, context());
            } catch (RuntimeException e) {
                throw StageFailure.of(steps[i].stage(), e);
            } catch (Error e) {
                throw RunContext.noted(context(), steps[i].stage(), e);
            }
            if (row == null) {
                delete(record);
                return;
            }
            out[i].increment();
        }
        context().forward(record.withValue(row));
    }

    /// The first step checks times, and all of these pass it.
    private void count(FoldCounts counts) {
        for (int i = 0; i < steps.length; i++) {
            in[i].add(i == 0 ? counts.records() : counts.passed().get(i - 1));
            out[i].add(counts.passed().get(i));
        }
    }

    private void delete(FixedKeyRecord<Object, Object> record) {
        if (upserts) {
            context().forward(record.withValue(null));
        }
    }
}
