package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.topology.SessionStore.Session;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Folds rows into sessions behind a late gate, and passes each session on once, when it closes, or with
/// every row.
///
/// A session that ends at e is closed once `e + gap + grace < time`. A row at t is late once
/// `t + gap + grace < time`, or when it would belong to a session that has closed: no session is passed on
/// twice.
final class SessionFoldProcessor extends GatedFoldProcessor {
    private final Stage.WindowFold stage;
    private final long gapMillis;
    private final Fold fold;
    private final RowFormat keys;
    private final WindowOutput output;

    @SuppressWarnings("NullAway.Init") // Streams calls init before the first record
    private SessionStore sessions;

    SessionFoldProcessor(Stage.WindowFold stage, long gapMillis, Fold fold, RowFormat keys, StageCounters counters) {
        super(stage, time -> time + gapMillis + stage.graceMillis() + 1, counters);
        this.stage = stage;
        this.gapMillis = gapMillis;
        this.fold = fold;
        this.keys = keys;
        this.output = new WindowOutput(stage, counters);
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
        super.init(context);
        sessions = new SessionStore(store());
    }

    @Override
    void foldIn(Record<Object, Object> record) {
        long time = record.timestamp();
        advance(time);
        byte[] key = Objects.requireNonNull(keys.write(record.key()));
        List<Session> touched = sessions.overlapping(key, time - gapMillis, time + gapMillis);
        if (touched.stream().anyMatch(Session::closed)) {
            turnAway(record);
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
        if (time <= gate().timeMillis()) {
            return;
        }
        gate().advance(time);
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
    @Override
    void closeAll() {
        long last = sessions.lastEnd();
        if (last >= 0) {
            advance(last + gapMillis + stage.graceMillis() + 1);
        }
    }
}
