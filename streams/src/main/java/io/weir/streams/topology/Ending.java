package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import io.weir.streams.job.RunEnding;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Which of a run's gated processors have closed what was open. They ask by themselves, on their own threads.
final class Ending implements RunEnding {
    /// By stage: one more than the windows and joins that its rows have come through.
    private final Map<String, Integer> stepOf = new HashMap<>();

    private final int steps;

    /// Processors of the tasks that are here, and whether they have closed.
    private final Map<GatedProcessor, Boolean> present = new ConcurrentHashMap<>();

    private volatile int closing;

    Ending(Plan plan) {
        Map<String, Integer> behind = new HashMap<>();
        int most = 0;
        for (Stage stage : plan.stages()) {
            int before = stage.inputs().stream()
                    .mapToInt(input -> behind.getOrDefault(input, 0))
                    .max()
                    .orElse(0);
            boolean gated = stage instanceof Stage.WindowFold || stage instanceof Stage.StreamJoin;
            behind.put(stage.name(), gated ? before + 1 : before);
            if (gated) {
                stepOf.put(stage.name(), before + 1);
                most = Math.max(most, before + 1);
            }
        }
        this.steps = most;
    }

    @Override
    public int steps() {
        return steps;
    }

    @Override
    public void close(int step) {
        closing = step;
    }

    @Override
    public boolean closed() {
        return present.entrySet().stream().allMatch(entry -> entry.getValue() || stepOf(entry.getKey()) > closing);
    }

    void joined(GatedProcessor processor) {
        present.put(processor, false);
    }

    void left(GatedProcessor processor) {
        present.remove(processor);
    }

    boolean due(GatedProcessor processor) {
        return Boolean.FALSE.equals(present.get(processor)) && stepOf(processor) <= closing;
    }

    void hasClosed(GatedProcessor processor) {
        present.replace(processor, true);
    }

    private int stepOf(GatedProcessor processor) {
        return stepOf.getOrDefault(processor.stage(), Integer.MAX_VALUE);
    }
}
