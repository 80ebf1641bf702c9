package io.weir.streams.topology;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/// The one child of a fold that closed windows go to: makes the folded row of the state. What reads the
/// fold in the plan stands behind it.
final class Finals extends ContextualFixedKeyProcessor<Object, Object, Object> {
    private final Fold fold;

    Finals(Fold fold) {
        this.fold = fold;
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        context().forward(record.withValue(fold.result((byte[]) record.value())));
    }
}
