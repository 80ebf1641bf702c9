package io.weir.streams.dsl;

import java.util.Map;
import java.util.Objects;

/// The types of rows after a stage.
///
/// @param key the key; of windowed rows the key within the window
/// @param row the row
/// @param windowSizeMillis length of the window the rows belong to, 0 for rows that are not windowed
public record StageType(RowType key, RowType row, long windowSizeMillis) {
    public boolean windowed() {
        return windowSizeMillis > 0;
    }

    static StageType after(Stage stage, Map<String, StageType> known) {
        return switch (stage) {
            case Stage.Source source -> new StageType(source.key(), source.type(), 0);
            case Stage.Filter filter -> input(filter, known);
            case Stage.MapStage map -> with(input(map, known), map.type());
            case Stage.KeyBy keyBy ->
                new StageType(keyBy.type(), input(keyBy, known).row(), 0);
            case Stage.WindowFold fold -> new StageType(input(fold, known).key(), fold.type(), fold.sizeMillis());
            case Stage.Join join -> with(input(join, known), join.type());
            case Stage.Sink sink -> input(sink, known);
        };
    }

    private static StageType with(StageType input, RowType row) {
        return new StageType(input.key(), row, input.windowSizeMillis());
    }

    private static StageType input(Stage stage, Map<String, StageType> known) {
        String input = stage.inputs().getFirst();
        return Objects.requireNonNull(known.get(input), input);
    }
}
