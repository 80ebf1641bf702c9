package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/// A row on its way into a table, with its event time; never written anywhere.
record TimedRow(Object row, long timeMillis) {
    /// Makes it, and refuses rows without a key.
    static final class Maker extends ContextualFixedKeyProcessor<Object, Object, Object> {
        private final String stage;
        private final LongAdder in;

        Maker(Stage.Fold stage, StageCounters counters) {
            this.stage = stage.name();
            this.in = counters.in(stage.name());
        }

        @Override
        public void process(FixedKeyRecord<Object, Object> record) {
            in.increment();
            Object row = record.value();
            if (row == null) {
                return;
            }
            if (record.key() == null) {
                throw new StageFailure(stage, "a row needs a key to be folded, got null. Use keyBy.", null);
            }
            context().forward(record.withValue(new TimedRow(row, record.timestamp())));
        }
    }
}
