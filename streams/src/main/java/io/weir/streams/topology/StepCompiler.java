package io.weir.streams.topology;

import io.weir.streams.dsl.RowType;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.Step;
import io.weir.streams.dsl.StepStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.state.Stores;

/// Translates custom operators: one node takes the rows, one the timers that are due; both see the same
/// stores.
final class StepCompiler {
    private final Compilation compilation;

    StepCompiler(Compilation compilation) {
        this.compilation = compilation;
    }

    KStream<Object, Object> compile(Stage.Custom stage, KStream<Object, Object> rows) {
        @SuppressWarnings("unchecked") // the job's compiler has checked the types
        Step<Object, Object, Object, Object> step = stage.code().code(Step.class);
        Map<String, StepTask.Format> formats = new TreeMap<>();
        List<String> stores = new ArrayList<>(List.of(stage.name(), LateRows.gateName(stage.name())));
        for (StepStore<?, ?> store : step.stores()) {
            String name = stage.name() + "-" + store.name();
            stores.add(name);
            formats.put(
                    store.name(),
                    new StepTask.Format(
                            name,
                            new RowFormat(store.key(), compilation.json),
                            new RowFormat(store.value(), compilation.json)));
        }
        stores.forEach(this::add);
        RowType key = compilation.inputType(stage).key();
        StepTask.Wiring wiring =
                new StepTask.Wiring(stage.name(), step, compilation.format(key), formats, compilation.counters);
        String[] names = stores.toArray(String[]::new);
        KStream<Object, Object> events = rows.process(() -> new StepProcessor(wiring), Named.as(stage.name()), names);
        KStream<Object, Object> emitted = events.processValues(
                () -> new Passing(StepProcessor.rowsNode(stage.name()), compilation.counters),
                Named.as(StepProcessor.rowsNode(stage.name())));
        KStream<Object, Object> fired =
                events.process(() -> new StepTimers(wiring), Named.as(StepProcessor.timersNode(stage.name())), names);
        return emitted.merge(fired, Named.as(stage.name() + "-out"));
    }

    private void add(String name) {
        compilation.builder.addStateStore(
                name.endsWith("-gate")
                        ? LateRows.gateStore(name.substring(0, name.length() - "-gate".length()))
                        : Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                                .withCachingEnabled());
    }
}
