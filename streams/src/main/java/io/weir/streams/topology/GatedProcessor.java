package io.weir.streams.topology;

import java.time.Duration;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// A stage behind a late gate: has the store of its name and the gate that goes with it, and closes what is
/// open
/// when a run that is to end asks for it. One task, one thread.
abstract class GatedProcessor extends ContextualProcessor<Object, Object, Object, Object> {
    /// How often a run that ends asks whether it may close.
    private static final Duration LOOKS = Duration.ofMillis(50);

    private final String stage;
    private final LongUnaryOperator lateFrom;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private KeyValueStore<Bytes, byte[]> store;

    @SuppressWarnings("NullAway.Init") // as above
    private LateGate gate;

    private @Nullable Ending ending;

    /// @param stage its name, which its store has, too
    /// @param lateFrom as the gate wants it
    GatedProcessor(String stage, LongUnaryOperator lateFrom) {
        this.stage = stage;
        this.lateFrom = lateFrom;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        store = context.getStateStore(stage);
        gate = new LateGate(
                context.getStateStore(LateRows.gateName(stage)),
                context.taskId().partition(),
                lateFrom,
                StageCounters.gateTimes(context.appConfigs().get(RunContext.SETTING), stage));
        if (context.appConfigs().get(RunContext.SETTING) instanceof RunContext job && job.closing() != null) {
            context.schedule(job.closing(), PunctuationType.WALL_CLOCK_TIME, now -> closeAll());
        }
        if (context.appConfigs().get(RunContext.SETTING) instanceof RunContext job && job.ending() != null) {
            followTo(job.ending(), context);
        }
    }

    private void followTo(Ending end, ProcessorContext<Object, Object> context) {
        ending = end;
        end.joined(this);
        context.schedule(LOOKS, PunctuationType.WALL_CLOCK_TIME, now -> {
            if (end.due(this)) {
                closeAll();
                end.hasClosed(this);
            }
        });
    }

    @Override
    public void close() {
        Ending end = ending;
        if (end != null) {
            end.left(this);
        }
    }

    String stage() {
        return stage;
    }

    KeyValueStore<Bytes, byte[]> store() {
        return store;
    }

    LateGate gate() {
        return gate;
    }

    /// Moves event time to where everything that is open has closed.
    abstract void closeAll();
}
