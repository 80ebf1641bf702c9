package io.weir.streams.job.life;

import io.weir.streams.job.RunCounts;
import io.weir.streams.job.RunEngine;
import io.weir.streams.job.RunState;
import io.weir.streams.replay.ReplayProgress;
import java.util.Map;

/// What this node's runner of a version was doing when it was last looked at. Differs between nodes and is
/// never
/// stored.
///
/// @param version the version that runs
/// @param state what the runner says
/// @param lagBySource records behind, by source topic; empty when not known
/// @param counts since the runner was started here
/// @param recordsPerSecond taken in from sources over the last few seconds
/// @param ratesByStage records per second that each stage has passed on over the last few seconds
/// @param replay how far it is in history
/// @param engine what the engine had counted some seconds ago
public record LocalRun(
        int version,
        RunState state,
        Map<String, Long> lagBySource,
        RunCounts counts,
        double recordsPerSecond,
        Map<String, Double> ratesByStage,
        ReplayProgress replay,
        RunEngine engine) {
    public LocalRun {
        lagBySource = Map.copyOf(lagBySource);
        ratesByStage = Map.copyOf(ratesByStage);
    }
}
