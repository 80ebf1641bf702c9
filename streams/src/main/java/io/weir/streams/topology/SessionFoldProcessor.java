package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.topology.SessionStore.Session;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Folds rows into sessions behind a late gate, and passes each session on once, when it closes, or with
/// every row.
///
/// A session that ends at e is closed once `e + gap + grace < time`. A row at t is late once
/// `t + gap + grace < time`, or when it would belong to a session that has closed: no session is passed on
/// twice.
final class SessionFoldProcessor extends ContextualProcessor<Object, Object, Object, Object> {
    private final Stage.WindowFold stage;
    private final long gapMillis;
    private final Fold fold;
    private final RowFormat keys;
    private final WindowOutput output;
    private final LateRows lateRows;
    private final LongAdder in;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private SessionStore sessions;

    @SuppressWarnings("NullAway.Init") // as above
    private LateGate gate;

    SessionFoldProcessor(Stage.WindowFold stage, long gapMillis, Fold fold, RowFormat keys, StageCounters counters) {
        this.stage = stage;
        this.gapMillis = gapMillis;
        this.fold = fold;
        this.keys = keys;
        this.output = new WindowOutput(stage, counters);
        this.lateRows = new LateRows(stage, stage.late() == null ? null : LateRows.node(stage.name()), counters);
        this.in = counters.in(stage.name());
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        sessions = new SessionStore(context.getStateStore(stage.name()));
        gate = new LateGate(
                context.getStateStore(LateRows.gateName(stage.name())),
                context.taskId().partition(),
                time -> time + gapMillis + stage.graceMillis() + 1);
        if (context.appConfigs().get(RunContext.SETTING) instanceof RunContext job && job.closing() != null) {
            context.schedule(job.closing(), PunctuationType.WALL_CLOCK_TIME, now -> closeAll());
        }
    }

    @Override
    public void process(Record<Object, Object> record) {
        in.increment();
        if (record.value() == null) {
            return;
        }
        if (record.key() == null) {
            throw new StageFailure(stage.name(), "a row needs a key to be folded, got null. Use keyBy.", null);
        }
        long time = record.timestamp();
        if (gate.isLate(time)) {
            lateRows.turnAway(record, gate, context());
            return;
        }
        advance(time);
        byte[] key = Objects.requireNonNull(keys.write(record.key()));
        List<Session> touched = sessions.overlapping(key, time - gapMillis, time + gapMillis);
        if (touched.stream().anyMatch(Session::closed)) {
            lateRows.turnAway(record, gate, context());
            return;
        }
        try {
            take(record, key, touched);
        } catch (Error e) {
            throw RunContext.noted(context(), stage.name(), e);
        }
    }

    private void take(Record<Object, Object> record, byte[] key, List<Session> touched) {
        long time = record.timestamp();
        long start = time;
        long end = time;
        byte[] state = null;
        for (Session session : touched) {
            start = Math.min(start, session.startMillis());
            end = Math.max(end, session.endMillis());
            state = state == null ? session.state() : fold.merge(record.key(), state, session.state());
        }
        Session grown = new Session(key, start, end, false, fold.add(state, record.key(), record.value(), time));
        for (Session session : touched) {
            sessions.remove(session);
            boolean replaced = session.startMillis() == start && session.endMillis() == end;
            if (stage.updates() && !replaced) {
                output.forward(context(), record.key(), session.startMillis(), session.endMillis() + 1, null);
            }
        }
        sessions.put(grown);
        if (stage.updates()) {
            output.forward(context(), record.key(), start, end + 1, grown.state());
        }
    }

    private void advance(long time) {
        if (time <= gate.timeMillis()) {
            return;
        }
        gate.advance(time);
        long closedBefore = time - gapMillis - stage.graceMillis();
        sessions.closeBefore(closedBefore, this::passOn);
        sessions.forgetBefore(closedBefore - gapMillis);
    }

    private void passOn(Session session) {
        if (!stage.updates()) {
            output.forward(
                    context(),
                    Objects.requireNonNull(keys.read(session.key())),
                    session.startMillis(),
                    session.endMillis() + 1,
                    session.state());
        }
    }

    /// Moves event time to where every session that is open has closed.
    private void closeAll() {
        long last = sessions.lastEnd();
        if (last >= 0) {
            advance(last + gapMillis + stage.graceMillis() + 1);
        }
    }
}
