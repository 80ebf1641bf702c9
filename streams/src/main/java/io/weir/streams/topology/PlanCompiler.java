package io.weir.streams.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Joiner;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.RowType;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.StageType;
import io.weir.streams.dsl.WindowKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Translates a plan into a Kafka Streams topology, stage by stage. Every node, store and internal topic
/// carries the name of its stage; consecutive stateless stages run in one node.
final class PlanCompiler {
    private final Plan plan;
    private final Map<String, StageType> types;
    private final Map<String, Integer> partitions;
    private final Clock clock;
    private final StageCounters counters;
    private final ObjectMapper json = Json.mapper();
    private final StreamsBuilder builder;
    private final Map<String, Rows> rows = new HashMap<>();
    private final Map<Class<?>, RowFormat> formats = new HashMap<>();

    /// What a stage gives: a node of the topology and the stateless steps that still have to be run on its
    /// rows.
    private record Rows(KStream<Object, Object> node, List<RowStep> steps) {}

    private PlanCompiler(
            Plan plan, StreamsConfig config, Map<String, Integer> sources, Clock clock, StageCounters counters) {
        this.plan = plan;
        this.types = plan.types();
        this.partitions = Partitions.of(plan, sources);
        this.clock = clock;
        this.counters = counters;
        this.builder = new StreamsBuilder(new TopologyConfig(config));
    }

    /// @param config the settings the topology will run with; some of them shape it
    /// @param sources partition counts by topic; empty when unknown, as in a test driver
    /// @throws PlanRefused when the sides of a join cannot meet, or a name is taken
    static Topology compile(
            Plan plan, StreamsConfig config, Map<String, Integer> sources, Clock clock, StageCounters counters) {
        PlanCompiler compiler = new PlanCompiler(plan, config, sources, clock, counters);
        try {
            plan.stages().forEach(compiler::compile);
            return compiler.builder.build();
        } catch (TopologyException e) {
            throw new PlanRefused(plan.job(), "topology", String.valueOf(e.getMessage()));
        }
    }

    private void compile(Stage stage) {
        switch (stage) {
            case Stage.Source source when source.table() -> table(source);
            case Stage.Source source -> source(source);
            case Stage.Filter filter -> step(filter, new RowSteps.Where(filter.name(), RowSteps.code(filter.expr())));
            case Stage.MapStage map -> step(map, new RowSteps.Mapped(map.name(), RowSteps.code(map.function())));
            case Stage.KeyBy keyBy -> keyBy(keyBy);
            case Stage.WindowFold fold -> windowFold(fold);
            case Stage.Join join -> join(join);
            case Stage.Sink sink -> sink(sink);
        }
    }

    private void source(Stage.Source source) {
        EventTime time = new EventTime(source.eventTime(), clock);
        KStream<Object, Object> node = builder.stream(
                source.topic(), consumed(source).withTimestampExtractor(time).withName(source.name()));
        rows.put(source.name(), new Rows(node, List.of(new RowSteps.CheckedTime(source.name(), time))));
    }

    private void table(Stage.Source source) {
        builder.table(
                source.topic(),
                consumed(source)
                        .withTimestampExtractor(EventTime.ofTable(clock))
                        .withName(source.name()),
                Materialized.<Object, Object, KeyValueStore<Bytes, byte[]>>as(source.name())
                        .withKeySerde(format(source.key()))
                        .withValueSerde(format(source.type())));
    }

    private Consumed<Object, Object> consumed(Stage.Source source) {
        return Consumed.with(format(source.key()), format(source.type()));
    }

    private void step(Stage stage, RowStep step) {
        Rows input = input(stage);
        List<RowStep> steps = new ArrayList<>(input.steps());
        steps.add(step);
        rows.put(stage.name(), new Rows(input.node(), List.copyOf(steps)));
    }

    private void keyBy(Stage.KeyBy keyBy) {
        Column<Object, @Nullable Object> key = RowSteps.code(keyBy.key());
        RowFormat format = format(keyBy.type());
        if (keyBy.declared() || (!keyBy.repartition() && keyMatters(keyBy.name()))) {
            int count = keyBy.declared() ? partitions.getOrDefault(keyBy.name(), 0) : 0;
            step(keyBy, new RowSteps.KeyedAs(keyBy.name(), key, format, count));
            return;
        }
        KStream<Object, Object> keyed = node(keyBy.inputs().getFirst())
                .process(() -> new KeyByProcessor(keyBy.name(), key, counters), Named.as(keyBy.name()));
        if (keyBy.repartition()) {
            Repartitioned<Object, Object> through = Repartitioned.<Object, Object>as(keyBy.name())
                    .withKeySerde(format)
                    .withValueSerde(format(type(keyBy).row()));
            Integer count = partitions.get(keyBy.name());
            keyed = keyed.repartition(count == null ? through : through.withNumberOfPartitions(count));
        }
        rows.put(keyBy.name(), new Rows(keyed, List.of()));
    }

    private void windowFold(Stage.WindowFold stage) {
        Fold fold = new Fold(stage, json);
        RowFormat keys = format(type(stage).key());
        builder.addStateStore(Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(stage.name()), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled());
        builder.addStateStore(gateStore(stage));
        KStream<Object, Object> folded = node(stage.inputs().getFirst())
                .process(
                        () -> new WindowFoldProcessor(stage, fold, keys, counters),
                        Named.as(stage.name()),
                        stage.name(),
                        WindowFoldProcessor.gateStore(stage));
        KStream<Object, Object> finals =
                folded.processValues(() -> new Finals(fold), Named.as(WindowFoldProcessor.finalsNode(stage)));
        rows.put(stage.name(), new Rows(finals, List.of()));
        String late = stage.late();
        if (late != null) {
            Serde<Object> row = format(type(stage.inputs().getFirst()).row());
            folded.to(late, Produced.with(keys, row).withName(WindowFoldProcessor.lateNode(stage)));
        }
    }

    private static StoreBuilder<KeyValueStore<Integer, Long>> gateStore(Stage.WindowFold stage) {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(WindowFoldProcessor.gateStore(stage)),
                        Serdes.Integer(),
                        Serdes.Long())
                .withCachingEnabled();
    }

    private void join(Stage.Join join) {
        String table = join.inputs().getLast();
        Joiner<@Nullable Object, Object, @Nullable Object, Object> function =
                join.function().joiner();
        KStream<Object, Object> joined = node(join.inputs().getFirst())
                .processValues(
                        () -> new TableJoin(join.name(), table, join.left(), function, counters),
                        Named.as(join.name()),
                        table);
        rows.put(join.name(), new Rows(joined, List.of()));
    }

    private void sink(Stage.Sink sink) {
        StageType type = type(sink);
        RowFormat keys = format(type.key());
        Serde<Object> row = format(type.row());
        Produced<Object, Object> produced = type.windowed()
                ? Produced.<Object, Object>with(
                        new WindowKeyFormat(type.windowSizeMillis(), json), row, byKeyWithinWindow(keys))
                : Produced.with(keys, row);
        node(sink.inputs().getFirst()).to(sink.topic(), produced.withName(sink.name()));
    }

    private static StreamPartitioner<Object, Object> byKeyWithinWindow(RowFormat keys) {
        return (topic, key, value, count) -> {
            byte[] bytes = keys.write(((WindowKey<?>) key).key());
            return bytes == null ? Optional.empty() : Optional.of(Set.of(Partitioning.partition(bytes, count)));
        };
    }

    /// Whether an operator below needs all rows of a key in one task.
    private boolean keyMatters(String name) {
        return plan.stages().stream()
                .filter(stage ->
                        !stage.inputs().isEmpty() && stage.inputs().getFirst().equals(name))
                .anyMatch(stage -> switch (stage) {
                    case Stage.WindowFold fold -> true;
                    case Stage.Join join -> true;
                    case Stage.KeyBy keyBy -> false;
                    case Stage.Sink sink -> false;
                    case Stage.Source source -> false;
                    case Stage.Filter filter -> keyMatters(filter.name());
                    case Stage.MapStage map -> keyMatters(map.name());
                });
    }

    private Rows input(Stage stage) {
        String name = stage.inputs().getFirst();
        boolean shared = plan.stages().stream()
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
        String suffix = plan.stage(name) instanceof Stage.Source ? "-checked" : "";
        KStream<Object, Object> node = pending.node()
                .processValues(() -> new StatelessProcessor(pending.steps(), counters), Named.as(name + suffix));
        rows.put(name, new Rows(node, List.of()));
        return node;
    }

    private StageType type(Stage stage) {
        return type(stage.name());
    }

    private StageType type(String stage) {
        return Objects.requireNonNull(types.get(stage), stage);
    }

    private RowFormat format(RowType type) {
        return formats.computeIfAbsent(type.javaClass(), javaClass -> new RowFormat(javaClass, json));
    }
}
