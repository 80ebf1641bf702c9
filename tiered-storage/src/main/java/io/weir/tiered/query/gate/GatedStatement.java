package io.weir.tiered.query.gate;

import java.util.Set;

/// A statement that has passed the gate.
///
/// @param bounds of the rows that count of its relation; where it names one relation once
/// @param limitable whether the whole statement is a query without a LIMIT of its own
/// @param relations names used as tables that are no CTE in scope, as written: topics or halves of topics
public record GatedStatement(Set<String> relations, boolean limitable, RowBounds bounds) {
    public GatedStatement {
        relations = Set.copyOf(relations);
    }
}
