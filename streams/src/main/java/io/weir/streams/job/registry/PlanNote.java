package io.weir.streams.job.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// A plan as it was at deployment, readable without the job's code.
///
/// @param json the plan's own format, `plan/1`
/// @param text the same for people
/// @param sources topics that the job reads
/// @param sinks topics that the job writes
/// @param foldRefusal why its history cannot be folded from columns, with the stage; empty if it can be
public record PlanNote(JsonNode json, String text, List<String> sources, List<String> sinks, String foldRefusal) {
    public PlanNote {
        sources = List.copyOf(sources);
        sinks = List.copyOf(sinks);
    }
}
