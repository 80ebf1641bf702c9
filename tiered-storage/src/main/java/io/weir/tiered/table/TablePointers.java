package io.weir.tiered.table;

import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/// The pointers of all tables, changed by compare and swap: each change is decided on the newest state, by
/// whichever node. Thread-safe; owns nothing.
final class TablePointers {
    private final Journal<Map<String, TablePointer>> journal;

    /// @param journal folded by [TablePointer#fold]; closed by who opened it
    TablePointers(Journal<Map<String, TablePointer>> journal) {
        this.journal = journal;
    }

    /// How a swap ended.
    enum Swap {
        DONE,
        LOST,
        TAKEN
    }

    /// Pointers by `<namespace>/<name>`, not older than this call.
    Map<String, TablePointer> latest() {
        return journal.latest();
    }

    /// Pointers by `<namespace>/<name>` as known here, without asking the log.
    Map<String, TablePointer> known() {
        return journal.state();
    }

    Optional<TablePointer> find(TableIdentifier table) {
        return Optional.ofNullable(latest().get(name(table)));
    }

    /// Points the table to another metadata file if it still points where the caller has looked.
    ///
    /// @param expected null for a table that must not exist
    Swap swap(TableIdentifier table, @Nullable String expected, TablePointer next) {
        return journal.write(state -> {
            TablePointer present = state.get(name(table));
            if (!Objects.equals(present == null ? null : present.location(), expected)) {
                return Decision.unchanged(expected == null ? Swap.TAKEN : Swap.LOST);
            }
            return new Decision<>(List.of(new Entry(key(table), next.write())), Swap.DONE);
        });
    }

    /// Writes a pointer down, whatever was there.
    void put(TableIdentifier table, TablePointer pointer) {
        boolean unused = journal.write(state -> new Decision<>(List.of(new Entry(key(table), pointer.write())), true));
    }

    /// @return whether there was one
    boolean remove(TableIdentifier table) {
        return journal.write(state -> state.containsKey(name(table))
                ? new Decision<>(List.of(Entry.deletion(key(table))), true)
                : Decision.unchanged(false));
    }

    /// @return LOST when there is no such table, TAKEN when there is one of the new name
    Swap rename(TableIdentifier from, TableIdentifier to) {
        return journal.write(state -> {
            TablePointer pointer = state.get(name(from));
            if (pointer == null) {
                return Decision.unchanged(Swap.LOST);
            }
            if (state.containsKey(name(to))) {
                return Decision.unchanged(Swap.TAKEN);
            }
            return new Decision<>(List.of(Entry.deletion(key(from)), new Entry(key(to), pointer.write())), Swap.DONE);
        });
    }

    static String name(TableIdentifier table) {
        return table.namespace() + "/" + table.name();
    }

    private static String key(TableIdentifier table) {
        return TablePointer.PREFIX + name(table);
    }
}
