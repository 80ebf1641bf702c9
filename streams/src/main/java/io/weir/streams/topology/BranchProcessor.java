package io.weir.streams.topology;

import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Expr;
import io.weir.streams.dsl.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

/// Sends each row to the node of the first arm whose condition holds.
final class BranchProcessor extends ContextualFixedKeyProcessor<Object, Object, Object> {
    /// @param condition null = takes what is left
    /// @param node where its rows go
    private record Arm(@Nullable Column<Object, @Nullable Object> condition, String node) {}

    private final String stage;
    private final List<Arm> arms = new ArrayList<>();
    private final LongAdder in;
    private final LongAdder out;

    /// @param nodes by the name of the arm
    BranchProcessor(Stage.Branch stage, Map<String, String> nodes, StageCounters counters) {
        this.stage = stage.name();
        this.in = counters.in(stage.name());
        this.out = counters.out(stage.name());
        for (Stage.Arm arm : stage.arms()) {
            Expr condition = arm.condition();
            String node = nodes.get(arm.name());
            if (node != null) {
                arms.add(new Arm(condition == null ? null : RowSteps.code(condition), node));
            }
        }
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        in.increment();
        Object row = record.value();
        if (row == null) {
            return;
        }
        for (Arm arm : arms) {
            if (takes(arm, row)) {
                out.increment();
                context().forward(record, arm.node);
                return;
            }
        }
    }

    private boolean takes(Arm arm, Object row) {
        Column<Object, @Nullable Object> condition = arm.condition;
        try {
            return condition == null || Boolean.TRUE.equals(condition.of(row));
        } catch (RuntimeException e) {
            throw StageFailure.of(stage, e);
        } catch (Error e) {
            throw RunContext.noted(context(), stage, e);
        }
    }
}
