package io.weir.streams.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.RowType;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.StageType;
import io.weir.streams.dsl.Step;
import io.weir.streams.dsl.StepStore;
import io.weir.streams.dsl.WindowShape;
import io.weir.streams.job.state.StoreKind;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/// The stores of a topology, each with what the plan says of it.
final class StoreCatalog {
    /// @param topics what the tasks of the store read, as the log calls them
    record Store(
            String name, StoreKind kind, String stage, String key, String value, List<String> topics, StoreForm form) {}

    /// What the plan knows of a store before anybody has looked where it stands.
    private record Known(StoreKind kind, String stage, String key, String value, StoreForm form) {}

    private final Plan plan;
    private final ObjectMapper json = Json.mapper();
    private final Map<String, StageType> types;
    private final Map<String, Known> known = new HashMap<>();

    private StoreCatalog(Plan plan) {
        this.plan = plan;
        this.types = plan.types();
    }

    /// By name, in alphabetical order.
    static Map<String, Store> of(Plan plan, Topology topology, String applicationId) {
        StoreCatalog catalog = new StoreCatalog(plan);
        plan.stages().forEach(catalog::note);
        return catalog.found(topology.describe(), applicationId);
    }

    private Map<String, Store> found(TopologyDescription topology, String applicationId) {
        Map<String, Store> stores = new TreeMap<>();
        Set<String> sources = Set.copyOf(plan.sources());
        for (TopologyDescription.Subtopology part : topology.subtopologies()) {
            Set<String> topics = new TreeSet<>();
            Set<String> names = new TreeSet<>();
            for (TopologyDescription.Node node : part.nodes()) {
                if (node instanceof TopologyDescription.Source source && source.topicSet() != null) {
                    source.topicSet()
                            .forEach(
                                    topic -> topics.add(sources.contains(topic) ? topic : applicationId + "-" + topic));
                } else if (node instanceof TopologyDescription.Processor processor) {
                    names.addAll(processor.stores());
                }
            }
            names.forEach(name -> stores.put(name, store(name, topics)));
        }
        for (TopologyDescription.GlobalStore global : topology.globalStores()) {
            global.processor()
                    .stores()
                    .forEach(
                            name -> stores.put(name, store(name, global.source().topicSet())));
        }
        return Collections.unmodifiableMap(stores);
    }

    private Store store(String name, Set<String> topics) {
        Known what = known.getOrDefault(name, unplanned(name));
        return new Store(name, what.kind, what.stage, what.key, what.value, List.copyOf(topics), what.form);
    }

    /// What the plan does not name is the job's own code's, if it has any, else Kafka Streams'.
    private Known unplanned(String name) {
        boolean own = RunContext.ownCode(plan) && !name.endsWith("-gate");
        return own
                ? new Known(StoreKind.OWN_CODE, "", "", "", new StoreForm.Own())
                : new Known(StoreKind.INTERNAL, "", "", "", new StoreForm.Internal());
    }

    private void note(Stage stage) {
        StageType type = Objects.requireNonNull(types.get(stage.name()), stage.name());
        switch (stage) {
            case Stage.Source source when type.table() -> table(source, type);
            case Stage.Filter filter
            when type.table() -> keyValue(filter.name(), stage, type, UnaryOperator.identity());
            case Stage.MapStage map when type.table() -> keyValue(map.name(), stage, type, UnaryOperator.identity());
            case Stage.TableJoin join -> keyValue(join.name(), stage, type, UnaryOperator.identity());
            case Stage.ForeignKeyJoin join -> keyValue(join.name(), stage, type, UnaryOperator.identity());
            case Stage.Fold fold -> {
                Fold states = Fold.of(fold.name(), fold.fold(), fold.type(), json);
                keyValue(fold.name(), stage, type, state -> states.result((byte[]) state));
                known.put(fold.name() + "-rows", internal(stage));
            }
            case Stage.WindowFold fold -> windows(fold, type);
            case Stage.StreamJoin join -> known.put(join.name(), internal(stage));
            case Stage.Custom custom -> steps(custom);
            default -> {} // keeps nothing, or nothing that a reader could use
        }
    }

    private void table(Stage.Source source, StageType type) {
        RowFormat keys = new RowFormat(type.key(), json);
        if (source.kind() == Stage.SourceKind.GLOBAL) {
            put(source.name(), StoreKind.GLOBAL, source, type, new StoreForm.Global(keys));
        } else if (source.historyMillis() > 0) {
            put(source.name(), StoreKind.VERSIONED, source, type, new StoreForm.Versioned(keys));
        } else {
            keyValue(source.name(), source, type, UnaryOperator.identity());
        }
    }

    private void keyValue(String name, Stage stage, StageType type, UnaryOperator<Object> row) {
        put(
                name,
                StoreKind.KEY_VALUE,
                stage,
                type,
                new StoreForm.KeyValue(new RowFormat(type.key(), json), false, row));
    }

    private void windows(Stage.WindowFold stage, StageType type) {
        Fold fold = Fold.of(stage.name(), stage.fold(), stage.type(), json);
        RowFormat keys = new RowFormat(type.key(), json);
        long grace = stage.graceMillis();
        switch (stage.window()) {
            case WindowShape.Tumbling tumbling ->
                put(
                        stage.name(),
                        StoreKind.WINDOW,
                        stage,
                        type,
                        new StoreForm.Aligned(keys, fold, AlignedWindows.of(tumbling, grace)));
            case WindowShape.Hopping hopping ->
                put(
                        stage.name(),
                        StoreKind.WINDOW,
                        stage,
                        type,
                        new StoreForm.Aligned(keys, fold, AlignedWindows.of(hopping, grace)));
            case WindowShape.Sliding sliding -> {
                RowType rows = Objects.requireNonNull(types.get(stage.inputs().getFirst()))
                        .row();
                put(
                        stage.name(),
                        StoreKind.SLIDING,
                        stage,
                        type,
                        new StoreForm.Sliding(
                                keys, new RowFormat(rows, json), fold, sliding.differenceMillis(), grace));
            }
            case WindowShape.Session session ->
                put(
                        stage.name(),
                        StoreKind.SESSION,
                        stage,
                        type,
                        new StoreForm.Sessions(keys, fold, session.gapMillis(), grace));
        }
    }

    private void steps(Stage.Custom stage) {
        known.put(stage.name(), internal(stage));
        @SuppressWarnings("unchecked") // the job's compiler has checked the types
        Step<Object, Object, Object, Object> step = stage.code().code(Step.class);
        for (StepStore<?, ?> store : step.stores()) {
            RowFormat values = new RowFormat(store.value(), json);
            known.put(
                    stage.name() + "-" + store.name(),
                    new Known(
                            StoreKind.KEY_VALUE,
                            stage.name(),
                            store.key().getSimpleName(),
                            store.value().getSimpleName(),
                            new StoreForm.KeyValue(
                                    new RowFormat(store.key(), json),
                                    true,
                                    bytes -> Objects.requireNonNull(values.read((byte[]) bytes)))));
        }
    }

    private static Known internal(Stage stage) {
        return new Known(StoreKind.INTERNAL, stage.name(), "", "", new StoreForm.Internal());
    }

    private void put(String name, StoreKind kind, Stage stage, StageType type, StoreForm form) {
        known.put(
                name,
                new Known(kind, stage.name(), type.key().name(), type.row().name(), form));
    }
}
