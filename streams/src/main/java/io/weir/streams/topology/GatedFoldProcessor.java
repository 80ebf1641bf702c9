package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.streams.processor.api.Record;

/// What every kind of window does with a row before it is folded: counts it, and turns it away when it is late.
abstract class GatedFoldProcessor extends GatedProcessor {
    private final String name;
    private final LateRows lateRows;
    private final LongAdder in;

    GatedFoldProcessor(Stage.WindowFold stage, LongUnaryOperator lateFrom, StageCounters counters) {
        super(stage.name(), lateFrom);
        this.name = stage.name();
        this.lateRows = new LateRows(stage, stage.late() == null ? null : LateRows.node(name), counters);
        this.in = counters.in(name);
    }

    @Override
    public final void process(Record<Object, Object> record) {
        if (record.value() instanceof FoldedRows folded) {
            in.add(folded.counts().passed().getLast());
            foldIn(folded);
            return;
        }
        in.increment();
        if (record.value() == null) {
            return;
        }
        if (record.key() == null) {
            throw new StageFailure(name, "a row needs a key to be folded, got null. Use keyBy.", null);
        }
        if (gate().isLate(record.timestamp())) {
            turnAway(record);
        } else {
            foldIn(record);
        }
    }

    final void turnAway(Record<Object, Object> record) {
        lateRows.turnAway(record, gate(), context());
    }

    /// Takes rows that were folded before they came.
    void foldIn(FoldedRows folded) {
        throw new IllegalStateException("Stage '" + name + "' takes no folded rows.");
    }

    final void countLate(long rows) {
        lateRows.count(rows);
    }

    /// Takes a row with a key that is not late.
    abstract void foldIn(Record<Object, Object> record);
}
