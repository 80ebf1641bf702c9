package io.weir.tiered.query.gate;

import java.util.Set;

/// A statement that has passed the gate.
///
/// @param limitable whether the whole statement is a query without a LIMIT of its own
/// @param relations names used as tables that are no CTE in scope, as written: topics or halves of topics
public record GatedStatement(Set<String> relations, boolean limitable) {
    public GatedStatement {
        relations = Set.copyOf(relations);
    }
}
