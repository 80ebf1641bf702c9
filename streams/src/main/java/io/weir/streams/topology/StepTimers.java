package io.weir.streams.topology;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Runs the timers of a custom operator. A node of its own, so that a timer that fails is the dead letter,
/// not the record that came then.
final class StepTimers extends ContextualProcessor<Object, Object, Object, Object> {
    private final StepTask.Wiring wiring;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private StepTask task;

    StepTimers(StepTask.Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        task = new StepTask(wiring, context);
    }

    @Override
    public void process(Record<Object, Object> record) {
        TimerDue due = (TimerDue) record.value();
        Object key = record.key();
        task.run(
                key,
                record.timestamp(),
                due.timer().plusMillis(1),
                call -> wiring.step().timer(key, due.timer(), call),
                emitted -> context().forward(emitted));
    }
}
