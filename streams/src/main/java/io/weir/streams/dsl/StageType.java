package io.weir.streams.dsl;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The types of rows after a stage.
///
/// @param key the key; of windowed rows the key within the window
/// @param row the row
/// @param window the windows the rows belong to, null for rows that are not windowed
/// @param upserts whether a row replaces the one before of the same key, and a null row deletes it
public record StageType(RowType key, RowType row, @Nullable WindowShape window, boolean upserts) {
    public boolean windowed() {
        return window != null;
    }

    /// Whether the stage is a table.
    public boolean table() {
        return upserts && window == null;
    }

    static StageType after(Stage stage, Map<String, StageType> known) {
        return switch (stage) {
            case Stage.Source source -> new StageType(source.key(), source.type(), null, source.table());
            case Stage.Filter filter -> input(filter, known);
            case Stage.MapStage map -> with(input(map, known), map.type());
            case Stage.FlatMap flatMap -> with(input(flatMap, known), flatMap.type());
            case Stage.Select select -> with(input(select, known), select.type());
            case Stage.KeyBy keyBy ->
                new StageType(keyBy.type(), input(keyBy, known).row(), null, false);
            case Stage.Merge merge -> input(merge, known);
            case Stage.Branch branch -> input(branch, known);
            case Stage.BranchArm arm -> input(arm, known);
            case Stage.WindowFold fold ->
                new StageType(input(fold, known).key(), fold.type(), fold.window(), fold.updates());
            case Stage.Fold fold -> new StageType(input(fold, known).key(), fold.type(), null, true);
            case Stage.Settle settle -> input(settle, known);
            case Stage.Join join -> with(input(join, known), join.type());
            case Stage.StreamJoin join -> new StageType(input(join, known).key(), join.type(), null, false);
            case Stage.TableJoin join -> with(input(join, known), join.type());
            case Stage.ForeignKeyJoin join -> with(input(join, known), join.type());
            case Stage.GlobalJoin join -> with(input(join, known), join.type());
            case Stage.Custom custom -> new StageType(custom.key(), custom.type(), null, false);
            case Stage.Foreign foreign -> new StageType(foreign.key(), foreign.type(), null, false);
            case Stage.Sink sink -> input(sink, known);
        };
    }

    private static StageType with(StageType input, RowType row) {
        return new StageType(input.key(), row, input.window(), input.upserts());
    }

    private static StageType input(Stage stage, Map<String, StageType> known) {
        String input = stage.inputs().getFirst();
        return Objects.requireNonNull(known.get(input), input);
    }
}
