package io.weir.streams.job;

import java.util.Map;

/// Counts of one running version since its start in this process, over all its threads.
///
/// @param inByStage records that reached a stage, by stage name
/// @param outByStage records that a stage passed on, by stage name
/// @param lateByStage records that a late gate turned away, by the name of the windowed stage
/// @param deadLetters records written to the dead letter topic
/// @param latePartialByStage overlapping windows that had closed for a record which others still took, by the
///     name of the windowed stage
/// @param gateMillisByStage the greatest event time that a late gate here has let pass since the start
public record RunCounts(
        Map<String, Long> inByStage,
        Map<String, Long> outByStage,
        Map<String, Long> lateByStage,
        long deadLetters,
        Map<String, Long> latePartialByStage,
        Map<String, Long> gateMillisByStage) {
    /// Nothing counted yet.
    public static final RunCounts NONE = new RunCounts(Map.of(), Map.of(), Map.of(), 0, Map.of(), Map.of());

    public RunCounts {
        inByStage = Map.copyOf(inByStage);
        outByStage = Map.copyOf(outByStage);
        lateByStage = Map.copyOf(lateByStage);
        latePartialByStage = Map.copyOf(latePartialByStage);
        gateMillisByStage = Map.copyOf(gateMillisByStage);
    }
}
