package io.weir.streams.topology;

import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/// A row on its way into a join of two streams; never written anywhere.
record Sided(boolean left, Object row) {
    /// The node that takes late rows of one side.
    static String lateNode(String stage, boolean left) {
        return LateRows.node(stage) + (left ? "-left" : "-right");
    }

    /// Marks the rows of one side.
    static final class Maker extends ContextualFixedKeyProcessor<Object, Object, Object> {
        private final boolean left;

        Maker(boolean left) {
            this.left = left;
        }

        @Override
        public void process(FixedKeyRecord<Object, Object> record) {
            Object row = record.value();
            if (row != null) {
                context().forward(record.withValue(new Sided(left, row)));
            }
        }
    }
}
