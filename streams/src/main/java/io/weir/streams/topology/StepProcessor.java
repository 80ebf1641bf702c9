package io.weir.streams.topology;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/// Gives rows to a custom operator, after the timers that their time has made due. Event time is kept in a
/// store, as for windows, so a restart moves no timer.
final class StepProcessor extends ContextualProcessor<Object, Object, Object, Object> {
    private final StepTask.Wiring wiring;
    private final LongAdder in;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private StepTask task;

    @SuppressWarnings("NullAway.Init") // as above
    private KeyValueStore<Bytes, byte[]> timers;

    @SuppressWarnings("NullAway.Init") // as above
    private LateGate time;

    StepProcessor(StepTask.Wiring wiring) {
        this.wiring = wiring;
        this.in = wiring.counters().in(wiring.stage());
    }

    /// The node that rows go to which the step has emitted.
    static String rowsNode(String stage) {
        return stage + "-rows";
    }

    /// The node that runs timers.
    static String timersNode(String stage) {
        return stage + "-timers";
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        task = new StepTask(wiring, context);
        timers = context.getStateStore(wiring.stage());
        time = new LateGate(
                context.getStateStore(LateRows.gateName(wiring.stage())),
                context.taskId().partition(),
                never -> Long.MAX_VALUE,
                StageCounters.gateTimes(context.appConfigs().get(RunContext.SETTING), wiring.stage()));
        if (context.appConfigs().get(RunContext.SETTING) instanceof RunContext job && job.closing() != null) {
            context.schedule(job.closing(), PunctuationType.WALL_CLOCK_TIME, now -> fire(Long.MAX_VALUE));
        }
    }

    @Override
    public void process(Record<Object, Object> record) {
        in.increment();
        Object row = record.value();
        if (row == null) {
            return;
        }
        time.advance(record.timestamp());
        fire(time.timeMillis() + 1);
        Object key = record.key();
        task.run(
                key,
                record.timestamp(),
                Instant.EPOCH,
                call -> wiring.step().row(key, row, call),
                emitted -> context().forward(emitted, rowsNode(wiring.stage())));
        fire(time.timeMillis() + 1);
    }

    /// Runs the timers before that time, in their order; one that sets another which is due runs it too, but
    /// for those of the end of a scenario.
    private void fire(long beforeMillis) {
        Bytes from = StoreKeys.ofTime(StepTask.TIMER, 0, 0, new byte[0]);
        Bytes to = StoreKeys.ofTime(StepTask.TIMER, beforeMillis, 0, new byte[0]);
        List<Bytes> due = new ArrayList<>();
        do {
            due.clear();
            StoreRange.drain(timers, from, to, (KeyValue<Bytes, byte[]> entry) -> {
                timers.delete(entry.key);
                due.add(entry.key);
            });
            for (Bytes timer : due) {
                Instant at = Instant.ofEpochMilli(StoreKeys.time(timer));
                Object key = Objects.requireNonNull(wiring.keys().read(StoreKeys.key(timer)));
                Record<Object, Object> event = new Record<>(key, new TimerDue(at), at.toEpochMilli());
                context().forward(event, timersNode(wiring.stage()));
            }
        } while (!due.isEmpty() && beforeMillis != Long.MAX_VALUE);
    }
}
