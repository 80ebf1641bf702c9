package io.weir.streams.topology;

import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.StageType;
import io.weir.streams.dsl.WindowKey;
import io.weir.streams.dsl.WindowShape;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.jspecify.annotations.Nullable;

/// Translates a plan into a Kafka Streams topology, stage by stage. Every node, store and internal topic
/// carries the name of its stage; consecutive stateless stages run in one node.
final class PlanCompiler {
    private final Compilation compilation;
    private final TableCompiler tables;
    private final WindowCompiler windows;
    private final StepCompiler steps;
    private final Map<String, Integer> partitions;
    private final Map<String, Rows> rows = new HashMap<>();

    /// What a stage gives: a node of the topology and the stateless steps that still have to be run on its
    /// rows.
    private record Rows(KStream<Object, Object> node, List<RowStep> steps) {}

    private PlanCompiler(Compilation compilation, Map<String, Integer> sources) {
        this.compilation = compilation;
        this.tables = new TableCompiler(compilation);
        this.windows = new WindowCompiler(compilation);
        this.steps = new StepCompiler(compilation);
        this.partitions = Partitions.of(compilation.plan, sources);
    }

    /// @param config the settings the topology will run with; some of them shape it
    /// @param sources partition counts by topic; empty when unknown, as in a test driver
    /// @param outputs where rows go that the plan sends to a topic
    /// @param schemas of Avro values
    /// @throws PlanRefused when the sides of a join cannot meet, or a name is taken
    static Topology compile(
            Plan plan,
            StreamsConfig config,
            Map<String, Integer> sources,
            Clock clock,
            StageCounters counters,
            OutputTopics outputs,
            SchemaLookup schemas) {
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
        PlanCompiler compiler =
                new PlanCompiler(new Compilation(plan, clock, counters, builder, outputs, schemas), sources);
        try {
            plan.stages().forEach(compiler::compile);
            return builder.build();
        } catch (TopologyException e) {
            throw new PlanRefused(plan.job(), "topology", String.valueOf(e.getMessage()));
        }
    }

    private void compile(Stage stage) {
        boolean table = compilation.type(stage).table();
        switch (stage) {
            case Stage.Source source when table -> tables.source(source);
            case Stage.Source source -> source(source);
            case Stage.Filter filter when table -> tables.filter(filter);
            case Stage.Filter filter -> step(filter, new RowSteps.Where(filter.name(), RowSteps.code(filter.expr())));
            case Stage.MapStage map when table -> tables.map(map);
            case Stage.MapStage map -> step(map, new RowSteps.Mapped(map.name(), RowSteps.code(map.function())));
            case Stage.FlatMap flatMap -> process(flatMap, () -> new FlatMapProcessor(flatMap, compilation.counters));
            case Stage.Select select -> step(select, RowSteps.Selected.of(select));
            case Stage.KeyBy keyBy -> keyBy(keyBy);
            case Stage.Merge merge -> merge(merge);
            case Stage.Branch branch ->
                process(branch, () -> new BranchProcessor(branch, arms(branch), compilation.counters));
            case Stage.BranchArm arm -> process(arm, () -> new Passing(arm.name(), compilation.counters));
            case Stage.WindowFold fold ->
                put(fold, windows.fold(fold, node(fold.inputs().getFirst())));
            case Stage.Fold fold ->
                tables.fold(
                        fold,
                        node(fold.inputs().getFirst())
                                .processValues(
                                        () -> new TimedRow.Maker(fold, compilation.counters),
                                        Named.as(fold.name() + "-timed")));
            case Stage.Custom custom ->
                put(custom, steps.compile(custom, node(custom.inputs().getFirst())));
            case Stage.Foreign foreign -> foreign(foreign);
            case Stage.Settle settle -> tables.settle(settle);
            case Stage.Join join -> join(join);
            case Stage.GlobalJoin join -> globalJoin(join);
            case Stage.StreamJoin join ->
                put(
                        join,
                        windows.join(
                                join,
                                node(join.inputs().getFirst()),
                                node(join.inputs().getLast())));
            case Stage.TableJoin join -> tables.join(join);
            case Stage.ForeignKeyJoin join -> tables.foreignKeyJoin(join);
            case Stage.Sink sink -> sink(sink);
        }
    }

    private void source(Stage.Source source) {
        EventTime time = new EventTime(source.eventTime(), compilation.clock);
        Consumed<Object, Object> consumed = Consumed.<Object, Object>with(
                        compilation.keys(source), compilation.consumed(source))
                .withTimestampExtractor(time)
                .withName(source.name());
        KStream<Object, Object> node = compilation.builder.stream(source.topic(), consumed);
        rows.put(source.name(), new Rows(node, List.of(new RowSteps.CheckedTime(source.name(), time))));
    }

    private void step(Stage stage, RowStep step) {
        Rows input = input(stage);
        List<RowStep> steps = new ArrayList<>(input.steps());
        steps.add(step);
        rows.put(stage.name(), new Rows(input.node(), List.copyOf(steps)));
    }

    private void process(Stage stage, FixedKeyProcessorSupplier<Object, Object, Object> supplier) {
        put(stage, node(stage.inputs().getFirst()).processValues(supplier, Named.as(stage.name())));
    }

    private void put(Stage stage, KStream<Object, Object> node) {
        rows.put(stage.name(), new Rows(node, List.of()));
    }

    private void keyBy(Stage.KeyBy keyBy) {
        Column<Object, @Nullable Object> key = RowSteps.code(keyBy.key());
        RowFormat format = compilation.keys(keyBy);
        if (keyBy.declared() || (!keyBy.repartition() && compilation.keyMatters(keyBy.name()))) {
            int count = keyBy.declared() ? partitions.getOrDefault(keyBy.name(), 0) : 0;
            step(keyBy, new RowSteps.KeyedAs(keyBy.name(), key, format, count));
            return;
        }
        KStream<Object, Object> keyed = node(keyBy.inputs().getFirst())
                .process(() -> new KeyByProcessor(keyBy.name(), key, compilation.counters), Named.as(keyBy.name()));
        if (keyBy.repartition()) {
            Repartitioned<Object, Object> through = Repartitioned.<Object, Object>as(keyBy.name())
                    .withKeySerde(format)
                    .withValueSerde(compilation.rows(keyBy));
            Integer count = partitions.get(keyBy.name());
            keyed = keyed.repartition(count == null ? through : through.withNumberOfPartitions(count));
        }
        put(keyBy, keyed);
    }

    private void merge(Stage.Merge merge) {
        KStream<Object, Object> merged = node(merge.inputs().getFirst());
        for (int i = 1; i < merge.inputs().size(); i++) {
            String name = i == merge.inputs().size() - 1 ? merge.name() : merge.name() + "-" + i;
            merged = merged.merge(node(merge.inputs().get(i)), Named.as(name));
        }
        put(merge, merged);
    }

    /// The nodes of a branch's arms, by the name of the arm; of those that something reads.
    private Map<String, String> arms(Stage.Branch branch) {
        Map<String, String> nodes = new HashMap<>();
        for (Stage stage : compilation.plan.stages()) {
            if (stage instanceof Stage.BranchArm arm && arm.inputs().getFirst().equals(branch.name())) {
                nodes.put(arm.arm(), arm.name());
            }
        }
        return nodes;
    }

    private void join(Stage.Join join) {
        String store = tables.store(join.inputs().getLast());
        LookupProcessor.Lookup lookup = new LookupProcessor.Lookup(
                join.name(),
                store,
                null,
                join.left(),
                compilation.type(join).upserts(),
                join.function().joiner());
        put(
                join,
                node(join.inputs().getFirst())
                        .processValues(
                                () -> new LookupProcessor(lookup, compilation.counters), Named.as(join.name()), store));
    }

    /// A global store is open to every processor without being connected.
    private void globalJoin(Stage.GlobalJoin join) {
        LookupProcessor.Lookup lookup = new LookupProcessor.Lookup(
                join.name(),
                join.inputs().getLast(),
                RowSteps.code(join.key()),
                join.left(),
                compilation.type(join).upserts(),
                join.function().joiner());
        process(join, () -> new LookupProcessor(lookup, compilation.counters));
    }

    private void foreign(Stage.Foreign foreign) {
        if (foreign.inputs().isEmpty()) {
            foreign.code()
                    .code(KafkaStreamsJob.class)
                    .define(compilation.builder, new RunOutputs(compilation.outputs, foreign.writes()));
            return;
        }
        List<KStream<Object, Object>> inputs =
                foreign.inputs().stream().map(this::node).toList();
        KStream<Object, Object> given =
                KafkaStreamsPart.run(foreign.code().code(Object.class), compilation.builder, inputs);
        put(
                foreign,
                given.processValues(() -> new Passing(foreign.name(), compilation.counters), Named.as(foreign.name())));
    }

    private void sink(Stage.Sink sink) {
        StageType type = compilation.type(sink);
        RowFormat keys = compilation.keys(sink);
        Serde<Object> row = compilation.rows(sink);
        WindowShape window = type.window();
        Produced<Object, Object> produced = window == null
                ? Produced.with(keys, row)
                : Produced.<Object, Object>with(
                        new WindowKeyFormat(window.wholeSeconds(), compilation.json), row, byKeyWithinWindow(keys));
        String input = sink.inputs().getFirst();
        KStream<Object, Object> written = type.table() ? tables.changes(input, sink.name()) : node(input);
        written.to(compilation.outputs.of(sink.topic()), produced.withName(sink.name()));
    }

    private static StreamPartitioner<Object, Object> byKeyWithinWindow(RowFormat keys) {
        return (topic, key, value, count) -> {
            byte[] bytes = keys.write(((WindowKey<?>) key).key());
            return bytes == null ? Optional.empty() : Optional.of(Set.of(Partitioning.partition(bytes, count)));
        };
    }

    private Rows input(Stage stage) {
        String name = stage.inputs().getFirst();
        boolean shared = compilation.plan.stages().stream()
                        .filter(other -> other.inputs().contains(name))
                        .count()
                > 1;
        if (shared) {
            node(name);
        }
        return Objects.requireNonNull(rows.get(name), name);
    }

    /// The rows of a stage as a node of the topology: runs the pending steps in a node of that name.
    private KStream<Object, Object> node(String name) {
        Rows pending = Objects.requireNonNull(rows.get(name), name);
        if (pending.steps().isEmpty()) {
            return pending.node();
        }
        boolean upserts = compilation.type(name).upserts();
        String suffix = compilation.plan.stage(name) instanceof Stage.Source ? "-checked" : "";
        KStream<Object, Object> node = pending.node()
                .processValues(
                        () -> new StatelessProcessor(pending.steps(), upserts, compilation.counters),
                        Named.as(name + suffix));
        rows.put(name, new Rows(node, List.of()));
        return node;
    }
}
