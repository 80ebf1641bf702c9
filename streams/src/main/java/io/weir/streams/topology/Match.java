package io.weir.streams.topology;

import io.weir.streams.dsl.Joiner;
import io.weir.streams.dsl.Stage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

/// Two rows that a join of streams has brought together, or one that has found no other.
record Match(@Nullable Object left, @Nullable Object right) {
    /// The node that makes rows of matches.
    static String node(String stage) {
        return stage + "-joined";
    }

    boolean isPair() {
        return left != null && right != null;
    }

    /// Runs the job's function.
    static final class Joining extends ContextualFixedKeyProcessor<Object, Object, Object> {
        private final String stage;
        private final Joiner<@Nullable Object, @Nullable Object, @Nullable Object, Object> function;
        private final LongAdder out;

        Joining(Stage.StreamJoin stage, StageCounters counters) {
            this.stage = stage.name();
            this.function = stage.function().joiner();
            this.out = counters.out(stage.name());
        }

        @Override
        public void process(FixedKeyRecord<Object, Object> record) {
            Match match = (Match) record.value();
            Object joined;
            try {
                joined = function.join(record.key(), match.left, match.right);
            } catch (RuntimeException e) {
                throw StageFailure.of(stage, e);
            } catch (Error e) {
                throw RunContext.noted(context(), stage, e);
            }
            if (joined == null) {
                throw new StageFailure(stage, "a join function must give a row, got null.", null);
            }
            out.increment();
            context().forward(record.withValue(joined));
        }
    }
}
