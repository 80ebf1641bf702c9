package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.WindowShape;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;

/// Translates windowed stages: a gate, a fold of our own, and a node that makes rows of its states.
final class WindowCompiler {
    private final Compilation compilation;

    WindowCompiler(Compilation compilation) {
        this.compilation = compilation;
    }

    /// The windows, keyed by window.
    KStream<Object, Object> fold(Stage.WindowFold stage, KStream<Object, Object> rows) {
        Fold fold = Fold.of(stage.name(), stage.fold(), stage.type(), compilation.json);
        addStores(stage.name());
        KStream<Object, Object> folded = rows.process(
                processor(stage, fold), Named.as(stage.name()), stage.name(), LateRows.gateName(stage.name()));
        KStream<Object, Object> windows =
                folded.processValues(() -> new Finals(fold), Named.as(WindowOutput.node(stage.name())));
        late(stage, folded);
        return windows;
    }

    private ProcessorSupplier<Object, Object, Object, Object> processor(Stage.WindowFold stage, Fold fold) {
        RowFormat keys = compilation.keys(stage);
        RowFormat rows = compilation.format(compilation.inputType(stage).row());
        StageCounters counters = compilation.counters;
        long grace = stage.graceMillis();
        return switch (stage.window()) {
            case WindowShape.Tumbling tumbling ->
                () -> new WindowFoldProcessor(stage, AlignedWindows.of(tumbling, grace), fold, keys, counters);
            case WindowShape.Hopping hopping ->
                () -> new WindowFoldProcessor(stage, AlignedWindows.of(hopping, grace), fold, keys, counters);
            case WindowShape.Sliding sliding ->
                () -> new SlidingFoldProcessor(stage, sliding.differenceMillis(), fold, keys, rows, counters);
            case WindowShape.Session session ->
                () -> new SessionFoldProcessor(stage, session.gapMillis(), fold, keys, counters);
        };
    }

    private void addStores(String stage) {
        compilation.builder.addStateStore(
                Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(stage), Serdes.Bytes(), Serdes.ByteArray())
                        .withCachingEnabled());
        compilation.builder.addStateStore(LateRows.gateStore(stage));
    }

    /// The rows that a gate turns away, into their topic.
    private void late(Stage stage, KStream<Object, Object> gated) {
        String topic = stage.late();
        if (topic != null) {
            RowFormat rows = compilation.format(compilation.inputType(stage).row());
            gated.to(
                    compilation.outputs.of(topic),
                    Produced.with(compilation.keys(stage), rows).withName(LateRows.node(stage.name())));
        }
    }
}
