package io.weir.streams.dsl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stage while the job is still describing itself: its name may still be given, so it is made at the end.
final class Node {
    /// Makes the stage once the names are known.
    interface Maker {
        Stage make(String name, List<String> inputs);
    }

    final List<Node> inputs;
    final RowType key;
    final RowType row;
    private final String suffix;
    private Maker maker;
    private @Nullable String given;
    private @Nullable String explanation;
    /// Whether a stage below needs all rows of a key in one task.
    boolean keyMatters;

    Node(List<Node> inputs, String suffix, RowType key, RowType row, Maker maker) {
        this.inputs = List.copyOf(inputs);
        this.suffix = suffix;
        this.key = key;
        this.row = row;
        this.maker = maker;
    }

    void named(String name) {
        given = name;
    }

    void explained(String text) {
        explanation = text;
    }

    @Nullable
    String explanation() {
        return explanation;
    }

    void become(Maker other) {
        maker = other;
    }

    /// The path from the source, or the given name.
    String path() {
        if (given != null) {
            return given;
        }
        return inputs.isEmpty() ? suffix : inputs.getFirst().path() + "." + suffix;
    }

    Stage stage() {
        List<String> names = new ArrayList<>();
        for (Node input : inputs) {
            names.add(input.path());
        }
        return maker.make(path(), List.copyOf(names));
    }
}
