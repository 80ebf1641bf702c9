package io.weir.streams.dsl;

/// A table that every node keeps whole, so that a stream may look up any of its keys. Loaded before the job
/// starts; its changes come whenever they come, outside the order of event time and outside transactions.
///
/// @param <K> the key
/// @param <V> the row
public final class GlobalTable<K, V> {
    private final Node node;

    GlobalTable(Node node) {
        this.node = node;
    }

    /// Gives the table a name of its own, which its store carries.
    public GlobalTable<K, V> named(String name) {
        Names.checkStage(name, node.path());
        node.named(name);
        return this;
    }

    Node node() {
        return node;
    }
}
