package io.weir.streams.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.RowType;
import io.weir.streams.dsl.Stage;
import io.weir.streams.dsl.StageType;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;

/// What the translation of all stages of one plan shares.
final class Compilation {
    final Plan plan;
    final Clock clock;
    final StageCounters counters;
    final StreamsBuilder builder;
    final OutputTopics outputs;
    final SchemaLookup schemas;
    final ObjectMapper json = Json.mapper();
    private final Map<String, StageType> types;
    private final Map<Object, RowFormat> formats = new HashMap<>();

    Compilation(
            Plan plan,
            Clock clock,
            StageCounters counters,
            StreamsBuilder builder,
            OutputTopics outputs,
            SchemaLookup schemas) {
        this.outputs = outputs;
        this.schemas = schemas;
        this.plan = plan;
        this.clock = clock;
        this.counters = counters;
        this.builder = builder;
        this.types = plan.types();
    }

    StageType type(Stage stage) {
        return type(stage.name());
    }

    StageType type(String stage) {
        return Objects.requireNonNull(types.get(stage), stage);
    }

    /// The types of a stage's first input.
    StageType inputType(Stage stage) {
        return type(stage.inputs().getFirst());
    }

    RowFormat format(RowType type) {
        Object which = type.parts().isEmpty() ? type.javaClass() : type;
        return formats.computeIfAbsent(which, unknown -> new RowFormat(type, json));
    }

    RowFormat keys(Stage stage) {
        return format(type(stage).key());
    }

    RowFormat rows(Stage stage) {
        return format(type(stage).row());
    }

    /// The values of a source as they stand in its topic.
    Serde<Object> values(Stage.Source source) {
        return switch (source.format()) {
            case JSON -> rows(source);
            case AVRO ->
                Serdes.serdeFrom(
                        rows(source).serializer(), new AvroRows(source.type().javaClass(), json, schemas));
        };
    }

    /// The same for a consumer of the topic, whose rows may have been read ahead.
    Serde<Object> consumed(Stage.Source source) {
        Serde<Object> values = values(source);
        return Serdes.serdeFrom(values.serializer(), RowAhead.or(values.deserializer()));
    }

    /// Whether streams are joined with the rows of that table, which then has to keep them.
    boolean isLookedUp(String table) {
        return plan.stages().stream()
                .anyMatch(stage -> stage instanceof Stage.Join join
                        && join.inputs().getLast().equals(table));
    }

    /// Whether an operator below needs all rows of a key in one task.
    boolean keyMatters(String name) {
        return plan.stages().stream()
                .filter(stage -> stage.inputs().contains(name))
                .anyMatch(stage -> switch (stage) {
                    case Stage.WindowFold fold -> true;
                    case Stage.Fold fold -> true;
                    case Stage.Join join -> true;
                    case Stage.StreamJoin join -> true;
                    case Stage.TableJoin join -> true;
                    case Stage.ForeignKeyJoin join -> true;
                    case Stage.GlobalJoin join -> keyMatters(join.name());
                    case Stage.KeyBy keyBy -> false;
                    case Stage.Sink sink -> false;
                    case Stage.Source source -> false;
                    case Stage.Filter filter -> keyMatters(filter.name());
                    case Stage.MapStage map -> keyMatters(map.name());
                    case Stage.FlatMap flatMap -> keyMatters(flatMap.name());
                    case Stage.Select select -> keyMatters(select.name());
                    case Stage.Merge merge -> keyMatters(merge.name());
                    case Stage.Branch branch -> keyMatters(branch.name());
                    case Stage.BranchArm arm -> keyMatters(arm.name());
                    case Stage.Custom custom -> true;
                    case Stage.Foreign foreign -> false;
                    case Stage.Settle settle -> keyMatters(settle.name());
                });
    }
}
