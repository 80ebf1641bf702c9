package io.weir.streams.dsl;

/// The latest row per key of a topic, to be joined with.
///
/// @param <K> the key
/// @param <V> the row
public final class Table<K, V> {
    private final Node node;

    Table(Node node) {
        this.node = node;
    }

    /// Gives the table a name of its own, which its store and changelog carry.
    public Table<K, V> named(String name) {
        Names.checkStage(name, node.path());
        node.named(name);
        return this;
    }

    Node node() {
        return node;
    }
}
