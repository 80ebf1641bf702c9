package io.weir.streams.topology;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/// The one child of a fold that windows go to: makes the folded row of the state. What reads the fold in
/// the plan stands behind it. Null, a window that is no more, stays null.
final class Finals extends ContextualFixedKeyProcessor<Object, Object, Object> {
    private final Fold fold;

    Finals(Fold fold) {
        this.fold = fold;
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        Object state = record.value();
        context().forward(record.withValue(state == null ? null : fold.result((byte[]) state)));
    }
}
