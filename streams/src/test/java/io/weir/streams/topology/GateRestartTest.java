package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.count;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Window;
import io.weir.streams.dsl.Within;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A restart between any two records changes no verdict and no result: all that a windowed stage knows is
/// in its stores. Each kind of window gets disordered records twice, once in one processor, once with a new
/// processor on the same stores for every record.
class GateRestartTest {
    record Row(int value) {}

    record Counted(long n) {}

    private static final long SEED = 20_261_120;

    enum Kind {
        TUMBLING,
        HOPPING,
        SLIDING,
        SESSION,
        JOIN
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aRestartBetweenAnyTwoRecordsChangesNothing(Kind kind) {
        List<Record<Object, Object>> records = disordered(kind == Kind.JOIN);

        List<String> unbroken = run(kind, records, false);
        List<String> restarted = run(kind, records, true);

        assertThat(restarted).as("seed " + SEED).isEqualTo(unbroken);
        assertThat(unbroken).anyMatch(line -> line.startsWith("late")).anyMatch(line -> !line.startsWith("late"));
    }

    private static List<Record<Object, Object>> disordered(boolean sided) {
        Random random = new Random(SEED);
        List<Record<Object, Object>> records = new ArrayList<>();
        long time = 978_307_200_000L;
        for (int i = 0; i < 600; i++) {
            time += random.nextInt(3_000);
            long own = time - (random.nextInt(5) == 0 ? random.nextInt(60_000) : 0);
            Object row = new Row(i);
            Object value = sided ? new Sided(random.nextBoolean(), row) : row;
            records.add(new Record<>("k" + random.nextInt(3), value, own));
        }
        return records;
    }

    private static List<String> run(Kind kind, List<Record<Object, Object>> records, boolean restarting) {
        Plan plan = Plan.of("j", job(kind));
        Stage stage = plan.stages().stream()
                .filter(one -> one.late() != null)
                .findFirst()
                .orElseThrow();
        MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
        List<StateStore> stores = List.of(
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(stage.name()), Serdes.Bytes(), Serdes.ByteArray())
                        .withLoggingDisabled()
                        .build(),
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(LateRows.gateName(stage.name())),
                                Serdes.Integer(),
                                Serdes.Long())
                        .withLoggingDisabled()
                        .build());
        for (StateStore store : stores) {
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
        }
        Supplier<Processor<Object, Object, Object, Object>> processors = () -> processor(stage);
        Processor<Object, Object, Object, Object> processor = started(processors, context);
        for (Record<Object, Object> record : records) {
            if (restarting) {
                processor = started(processors, context);
            }
            processor.process(record);
        }
        List<String> lines = new ArrayList<>();
        for (CapturedForward<?, ?> forward : context.forwarded()) {
            boolean late = forward.childName().orElseThrow().contains("-late");
            Object value = forward.record().value();
            lines.add((late ? "late " : "") + forward.record().key() + " "
                    + Instant.ofEpochMilli(forward.record().timestamp()) + " "
                    + (value instanceof byte[] bytes ? Bytes.wrap(bytes).toString() : value));
        }
        return lines;
    }

    private static Processor<Object, Object, Object, Object> started(
            Supplier<Processor<Object, Object, Object, Object>> processors,
            MockProcessorContext<Object, Object> context) {
        Processor<Object, Object, Object, Object> processor = processors.get();
        processor.init(context);
        return processor;
    }

    private static Processor<Object, Object, Object, Object> processor(Stage stage) {
        RowFormat keys = new RowFormat(String.class, Json.mapper());
        RowFormat rows = new RowFormat(Row.class, Json.mapper());
        StageCounters counters = new StageCounters();
        if (stage instanceof Stage.StreamJoin join) {
            return new StreamJoinProcessor(join, keys, rows, rows, counters);
        }
        Stage.WindowFold fold = (Stage.WindowFold) stage;
        return WindowCompiler.processor(
                fold, Fold.of(fold.name(), fold.fold(), fold.type(), Json.mapper()), keys, rows, counters);
    }

    private static StreamJob job(Kind kind) {
        return flow -> {
            Stream<String, Row> rows = flow.stream("in", Row.class);
            switch (kind) {
                case TUMBLING -> counted(rows, Window.tumbling("10s").grace("5s"));
                case HOPPING -> counted(rows, Window.hopping("10s", "3s").grace("5s"));
                case SLIDING -> counted(rows, Window.sliding("10s").grace("5s"));
                case SESSION -> counted(rows, Window.session("5s").grace("5s"));
                case JOIN ->
                    rows.outerJoin(
                                    flow.stream("other", Row.class),
                                    Within.within("3s").grace("5s").late("late"),
                                    (key, one, other) -> new Counted(1))
                            .to("out");
            }
        };
    }

    private static void counted(Stream<String, Row> rows, Window window) {
        rows.window(window.late("late")).aggregate(Counted.class, count("n")).to("out");
    }
}
