package io.weir.streams.topology;

import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Pairing;
import io.weir.streams.dsl.Stage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Translates the stages that are tables. A filtered or mapped table is kept in a store of its own only where
/// a stream is joined with it; else it is a view of the one it comes from.
final class TableCompiler {
    private final Compilation compilation;
    private final Map<String, KTable<Object, Object>> tables = new HashMap<>();

    TableCompiler(Compilation compilation) {
        this.compilation = compilation;
    }

    void source(Stage.Source source) {
        Consumed<Object, Object> consumed = Consumed.with(compilation.keys(source), compilation.values(source))
                .withTimestampExtractor(EventTime.ofTable(compilation.clock))
                .withName(source.name());
        switch (source.kind()) {
            case GLOBAL -> compilation.builder.globalTable(source.topic(), consumed, stored(source));
            case TABLE -> tables.put(source.name(), table(source, consumed));
            case STREAM -> throw new IllegalStateException(source.name());
        }
    }

    /// Streams gives the store of a table the format of its topic. Where that is not ours, rows go through a
    /// stream.
    private KTable<Object, Object> table(Stage.Source source, Consumed<Object, Object> consumed) {
        return switch (source.format()) {
            case JSON -> compilation.builder.table(source.topic(), consumed, kept(source));
            case AVRO ->
                compilation.builder.stream(source.topic(), consumed.withName(source.name() + "-avro"))
                        .toTable(Named.as(source.name()), kept(source));
        };
    }

    private Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> kept(Stage.Source source) {
        if (source.historyMillis() == 0) {
            return stored(source);
        }
        return Materialized.<Object, Object>as(Stores.persistentVersionedKeyValueStore(
                        source.name(), Duration.ofMillis(source.historyMillis())))
                .withKeySerde(compilation.keys(source))
                .withValueSerde(compilation.rows(source));
    }

    void filter(Stage.Filter filter) {
        Column<Object, @Nullable Object> condition = RowSteps.code(filter.expr());
        Function<Object, @Nullable Object> passes = guarded(filter, condition::of);
        tables.put(
                filter.name(),
                input(filter)
                        .filter(
                                (key, row) -> Boolean.TRUE.equals(passes.apply(row)),
                                Named.as(filter.name()),
                                view(filter)));
    }

    void map(Stage.MapStage map) {
        RowSteps.Mapped step = new RowSteps.Mapped(map.name(), RowSteps.code(map.function()));
        Function<Object, @Nullable Object> mapped = guarded(map, step::mapped);
        tables.put(map.name(), input(map).mapValues(mapped::apply, Named.as(map.name()), view(map)));
    }

    /// @param rows behind a [TimedRow.Maker]
    void fold(Stage.Fold stage, KStream<Object, Object> rows) {
        Fold fold = Fold.of(stage.name(), stage.fold(), stage.type(), compilation.json);
        RowFormat keys = compilation.keys(stage);
        Materialized<Object, byte[], KeyValueStore<Bytes, byte[]>> state =
                Materialized.<Object, byte[], KeyValueStore<Bytes, byte[]>>as(stage.name())
                        .withKeySerde(keys)
                        .withValueSerde(Serdes.ByteArray());
        KTable<Object, byte[]> folded = rows.groupByKey(Grouped.with(stage.name(), keys, compilation.rows(stage)))
                .aggregate(
                        () -> new byte[0],
                        (key, row, before) -> add(stage, fold, key, (TimedRow) row, before),
                        Named.as(stage.name()),
                        stage.everyUpdate() ? state.withCachingDisabled() : state);
        Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> results = compilation.isLookedUp(stage.name())
                ? Materialized.<Object, Object, KeyValueStore<Bytes, byte[]>>as(stage.name() + "-rows")
                : Materialized.with(keys, compilation.rows(stage));
        tables.put(
                stage.name(),
                folded.mapValues(
                        fold::result,
                        Named.as(stage.name() + "-result"),
                        results.withKeySerde(keys).withValueSerde(compilation.rows(stage))));
    }

    private byte[] add(Stage.Fold stage, Fold fold, Object key, TimedRow row, byte[] before) {
        byte[] after = fold.add(before.length == 0 ? null : before, key, row.row(), row.timeMillis());
        compilation.counters.out(stage.name()).increment();
        return after;
    }

    @SuppressWarnings("unchecked") // the job's compiler has checked the types
    void join(Stage.TableJoin join) {
        KTable<Object, Object> left = input(join);
        KTable<Object, Object> right = table(join.inputs().getLast());
        ValueJoiner<Object, Object, Object> joiner =
                joiner(join.name(), join.function().code(Pairing.class));
        Named named = Named.as(join.name());
        tables.put(
                join.name(),
                switch (join.kind()) {
                    case INNER -> left.join(right, joiner, named, stored(join));
                    case LEFT -> left.leftJoin(right, joiner, named, stored(join));
                    case OUTER -> left.outerJoin(right, joiner, named, stored(join));
                });
    }

    @SuppressWarnings("unchecked") // as above
    void foreignKeyJoin(Stage.ForeignKeyJoin join) {
        KTable<Object, Object> left = input(join);
        KTable<Object, Object> right = table(join.inputs().getLast());
        ValueJoiner<Object, Object, Object> joiner =
                joiner(join.name(), join.function().code(Pairing.class));
        Function<Object, @Nullable Object> key = guarded(join, RowSteps.code(join.foreignKey())::of);
        TableJoined<Object, Object> named = TableJoined.as(join.name());
        tables.put(
                join.name(),
                join.left()
                        ? left.leftJoin(right, key, joiner, named, stored(join))
                        : left.join(right, key, joiner, named, stored(join)));
    }

    private ValueJoiner<Object, Object, Object> joiner(
            String stage, Pairing<@Nullable Object, @Nullable Object, Object> pairing) {
        LongAdder out = compilation.counters.out(stage);
        return (row, match) -> {
            Object joined;
            try {
                joined = pairing.of(row, match);
            } catch (RuntimeException e) {
                throw StageFailure.of(stage, e);
            }
            if (joined == null) {
                throw new StageFailure(stage, "a join function must give a row, got null.", null);
            }
            out.increment();
            return joined;
        };
    }

    void settle(Stage.Settle settle) {
        tables.put(
                settle.name(),
                input(settle)
                        .suppress(Suppressed.untilTimeLimit(
                                        Duration.ofMillis(settle.quietMillis()), Suppressed.BufferConfig.unbounded())
                                .withName(settle.name())));
    }

    /// The name of the store that holds the rows of a table which streams are joined with.
    String store(String table) {
        return compilation.plan.stage(table) instanceof Stage.Fold ? table + "-rows" : table;
    }

    /// The changes of a table as a stream.
    KStream<Object, Object> changes(String table, String reader) {
        return table(table).toStream(Named.as(reader + "-changes"));
    }

    KTable<Object, Object> table(String name) {
        return Objects.requireNonNull(tables.get(name), name);
    }

    private KTable<Object, Object> input(Stage stage) {
        return table(stage.inputs().getFirst());
    }

    /// The failures of a function on its way to the dead letters.
    private Function<Object, @Nullable Object> guarded(Stage stage, Function<Object, @Nullable Object> function) {
        return row -> {
            try {
                return function.apply(row);
            } catch (RuntimeException e) {
                throw StageFailure.of(stage.name(), e);
            }
        };
    }

    private Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> view(Stage stage) {
        return compilation.isLookedUp(stage.name())
                ? stored(stage)
                : Materialized.with(compilation.keys(stage), compilation.rows(stage));
    }

    private Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> stored(Stage stage) {
        return Materialized.<Object, Object, KeyValueStore<Bytes, byte[]>>as(stage.name())
                .withKeySerde(compilation.keys(stage))
                .withValueSerde(compilation.rows(stage));
    }
}
