package io.weir.streams.job.life;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.streams.dsl.Plan;
import io.weir.streams.job.registry.PlanNote;
import java.util.Optional;

/// Turns a plan into what the registry keeps of it.
final class PlanNotes {
    private static final JsonMapper JSON = new JsonMapper();

    private PlanNotes() {}

    /// @param foldRefusal why its history cannot be folded from columns; empty if it can be
    static PlanNote of(Plan plan, Optional<String> foldRefusal) {
        try {
            return new PlanNote(
                    JSON.readTree(plan.toJson()),
                    plan.print(),
                    plan.sources().stream().distinct().toList(),
                    plan.sinks(),
                    foldRefusal.orElse(""));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Job '" + plan.job() + "': its plan is no JSON.", e);
        }
    }
}
