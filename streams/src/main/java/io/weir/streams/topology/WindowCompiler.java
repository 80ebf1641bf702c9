package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.WindowShape;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
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
        RowFormat keys = compilation.keys(stage);
        RowFormat rowsBefore = compilation.format(compilation.inputType(stage).row());
        addStores(stage.name());
        KStream<Object, Object> folded = rows.process(
                () -> processor(stage, fold, keys, rowsBefore, compilation.counters),
                Named.as(stage.name()),
                stage.name(),
                LateRows.gateName(stage.name()));
        KStream<Object, Object> windows =
                folded.processValues(() -> new Finals(fold), Named.as(WindowOutput.node(stage.name())));
        late(stage, folded);
        return windows;
    }

    /// The fold behind its gate.
    ///
    /// @param rows of the input
    static Processor<Object, Object, Object, Object> processor(
            Stage.WindowFold stage, Fold fold, RowFormat keys, RowFormat rows, StageCounters counters) {
        long grace = stage.graceMillis();
        return switch (stage.window()) {
            case WindowShape.Tumbling tumbling ->
                new WindowFoldProcessor(stage, AlignedWindows.of(tumbling, grace), fold, keys, counters);
            case WindowShape.Hopping hopping ->
                new WindowFoldProcessor(stage, AlignedWindows.of(hopping, grace), fold, keys, counters);
            case WindowShape.Sliding sliding ->
                new SlidingFoldProcessor(stage, sliding.differenceMillis(), fold, keys, rows, counters);
            case WindowShape.Session session ->
                new SessionFoldProcessor(stage, session.gapMillis(), fold, keys, counters);
        };
    }

    /// The pairs, and the rows without a match. Both sides run through one processor, so they count event
    /// time together.
    KStream<Object, Object> join(Stage.StreamJoin stage, KStream<Object, Object> left, KStream<Object, Object> right) {
        addStores(stage.name());
        String name = stage.name();
        KStream<Object, Object> both = left.processValues(() -> new Sided.Maker(true), Named.as(name + "-left"))
                .merge(
                        right.processValues(() -> new Sided.Maker(false), Named.as(name + "-right")),
                        Named.as(name + "-both"));
        RowFormat keys = compilation.keys(stage);
        RowFormat leftRows = compilation.format(compilation.inputType(stage).row());
        RowFormat rightRows =
                compilation.format(compilation.type(stage.inputs().getLast()).row());
        KStream<Object, Object> joined = both.process(
                () -> new StreamJoinProcessor(stage, keys, leftRows, rightRows, compilation.counters),
                Named.as(name),
                name,
                LateRows.gateName(name));
        KStream<Object, Object> pairs =
                joined.processValues(() -> new Match.Joining(stage, compilation.counters), Named.as(Match.node(name)));
        String topic = stage.late();
        if (topic != null) {
            joined.to(
                    compilation.outputs.of(topic),
                    Produced.<Object, Object>with(keys, leftRows).withName(Sided.lateNode(name, true)));
            joined.to(
                    compilation.outputs.of(topic),
                    Produced.<Object, Object>with(keys, rightRows).withName(Sided.lateNode(name, false)));
        }
        return pairs;
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
