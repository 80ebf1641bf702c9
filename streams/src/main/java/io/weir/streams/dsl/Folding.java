package io.weir.streams.dsl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many rows become one.
public sealed interface Folding {
    /// Component by component, as the plan can see.
    record Columns(List<Stage.FoldColumn> columns) implements Folding {}

    /// By code of the job.
    ///
    /// @param initial an [Initial]
    /// @param fold a [Folder]
    /// @param merge a [Merger]; null where windows never merge
    record Code(Opaque initial, Opaque fold, @Nullable Opaque merge) implements Folding {}

    /// Two rows become one, by code of the job.
    ///
    /// @param function a [Reducer]
    record Reduce(Opaque function) implements Folding {}

    /// The row with the greatest event time stays; of two with the same the later one.
    record Latest() implements Folding {}
}
