package io.weir.tiered.wiring;

import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.LakeTopic;
import io.weir.tiered.archive.PendingTier;
import io.weir.tiered.query.schema.PinnedSchemas;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.table.TablePointer;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// All that `__weir_catalog` says, in parts; the prefix of a key names the part.
///
/// @param pending `tier-now/<topic>`
/// @param schemas `schema/<topic>`
/// @param tables `table/<namespace>/<name>`
/// @param topics `topic/<topic id>`
/// @param rewrites `rewritten/<topic id>`
/// @param leases `rewriting/<topic id>`
/// @param erasures `erase/<id>`
record CatalogState(
        Map<String, PendingTier> pending,
        Map<String, TopicSchema> schemas,
        Map<String, TablePointer> tables,
        Map<UUID, LakeTopic> topics,
        Map<UUID, Long> rewrites,
        Map<UUID, LeaseMemory.Lease> leases,
        Map<UUID, EraseRequest> erasures) {
    static final CatalogState EMPTY =
            new CatalogState(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    CatalogState {
        pending = Map.copyOf(pending);
        schemas = Map.copyOf(schemas);
        tables = Map.copyOf(tables);
        topics = Map.copyOf(topics);
        rewrites = Map.copyOf(rewrites);
        leases = Map.copyOf(leases);
        erasures = Map.copyOf(erasures);
    }

    /// Each part passes over the keys of the others.
    static CatalogState fold(CatalogState state, String key, byte @Nullable [] value) {
        return new CatalogState(
                CatalogMemory.apply(state.pending, key, value),
                PinnedSchemas.fold(state.schemas, key, value),
                TablePointer.fold(state.tables, key, value),
                LakeTopicMemory.apply(state.topics, key, value),
                RewriteMemory.apply(state.rewrites, key, value),
                LeaseMemory.apply(state.leases, key, value),
                EraseMemory.apply(state.erasures, key, value));
    }
}
