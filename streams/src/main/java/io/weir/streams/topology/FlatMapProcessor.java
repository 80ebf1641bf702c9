package io.weir.streams.topology;

import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

/// Makes any number of rows of each. All of them are made before the first is passed on, so a row that
/// fails half-way leaves nothing behind.
final class FlatMapProcessor extends ContextualFixedKeyProcessor<Object, Object, Object> {
    private final String stage;
    private final Column<Object, @Nullable Object> function;
    private final LongAdder in;
    private final LongAdder out;

    FlatMapProcessor(Stage.FlatMap stage, StageCounters counters) {
        this.stage = stage.name();
        this.function = stage.function().column();
        this.in = counters.in(stage.name());
        this.out = counters.out(stage.name());
    }

    @Override
    public void process(FixedKeyRecord<Object, Object> record) {
        in.increment();
        Object row = record.value();
        if (row == null) {
            return;
        }
        List<Object> made = new ArrayList<>();
        try {
            if (function.of(row) instanceof Iterable<?> several) {
                several.forEach(made::add);
            }
        } catch (RuntimeException e) {
            throw StageFailure.of(stage, e);
        } catch (Error e) {
            throw RunContext.noted(context(), stage, e);
        }
        if (made.contains(null)) {
            throw new StageFailure(stage, "flatMap must give rows, got null among them.", null);
        }
        for (Object one : made) {
            out.increment();
            context().forward(record.withValue(one));
        }
    }
}
