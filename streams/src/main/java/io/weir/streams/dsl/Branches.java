package io.weir.streams.dsl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A stream that parts: each row takes the first arm whose condition holds, or none.
///
/// ```java
/// Branches<String, Click> clicks = flow.stream("clicks", Click.class)
///         .branch("large", click -> click.amount() > 100)
///         .branch("paid", Click::paid)
///         .otherwise("rest");
/// clicks.arm("large").to("large");
/// ```
///
/// @param <K> the key
/// @param <V> the row
public final class Branches<K, V> {
    private final Flow flow;
    private final Node node;
    private final List<Stage.Arm> arms = new ArrayList<>();
    private final Map<String, Stream<K, V>> streams = new LinkedHashMap<>();

    Branches(Flow flow, Node input) {
        this.flow = flow;
        this.node = flow.add(new Node(
                List.of(input),
                "branch",
                input.key,
                input.row,
                (name, inputs) -> new Stage.Branch(name, inputs, List.copyOf(arms))));
    }

    /// Adds an arm, asked after those before it.
    public Branches<K, V> branch(String name, Condition<V> condition) {
        return add(new Stage.Arm(name, Operators.condition(condition, node)));
    }

    /// Adds the arm that takes what is left. Without it such rows are left out.
    public Branches<K, V> otherwise(String name) {
        return add(new Stage.Arm(name, null));
    }

    /// The rows that an arm takes.
    public Stream<K, V> arm(String name) {
        if (!streams.containsKey(name)) {
            throw new PlanRefused(
                    node.path(), "unknown-arm", "there is no arm '" + name + "'." + Names.hint(streams.keySet(), name));
        }
        return Objects.requireNonNull(streams.get(name));
    }

    private Branches<K, V> add(Stage.Arm arm) {
        Names.checkStage(arm.name(), node.path());
        boolean ended = !arms.isEmpty() && arms.getLast().condition() == null;
        if (ended || streams.containsKey(arm.name())) {
            throw new PlanRefused(
                    node.path(),
                    "branch",
                    ended
                            ? "no row is left for arm '" + arm.name() + "' after otherwise('"
                                    + arms.getLast().name() + "'). Put it before."
                            : "two arms have the name '" + arm.name() + "'.");
        }
        arms.add(arm);
        Node taken = flow.add(new Node(
                List.of(node),
                arm.name(),
                node.key,
                node.row,
                (name, inputs) -> new Stage.BranchArm(name, inputs, arm.name())));
        streams.put(arm.name(), new Stream<>(flow, taken));
        return this;
    }
}
