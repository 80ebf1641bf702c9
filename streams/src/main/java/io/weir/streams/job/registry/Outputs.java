package io.weir.streams.job.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where a version's rows go, and where a reader finds its results.
///
/// Of an output that is its own the results are: the shared topic up to a barrier, when the version was live once,
/// and then its own topic from a position on. Offsets are by `topic-partition`.
///
/// @param physical topic by output; an output that is missing here is written as it is called
/// @param shared up to where the shared topic shows this version's results; nothing of it for a missing partition
/// @param own from where on its own topic does; from 0 for a missing partition
public record Outputs(Map<String, String> physical, Map<String, Long> shared, Map<String, Long> own) {
    /// The real outputs.
    public static final Outputs REAL = new Outputs(Map.of(), Map.of(), Map.of());

    public Outputs {
        physical = Map.copyOf(physical);
        shared = Map.copyOf(shared);
        own = Map.copyOf(own);
    }

    /// Outputs of a version's own: `<output>.v<version>`.
    public static Outputs beside(List<String> sinks, int version) {
        return new Outputs(names(sinks, version), Map.of(), Map.of());
    }

    /// Outputs of its own from now on, after it was live up to the barrier.
    public static Outputs after(List<String> sinks, int version, Map<String, Long> shared, Map<String, Long> own) {
        return new Outputs(names(sinks, version), shared, own);
    }

    private static Map<String, String> names(List<String> sinks, int version) {
        Map<String, String> names = new HashMap<>();
        sinks.forEach(sink -> names.put(sink, sink + ".v" + version));
        return names;
    }

    /// The topic that an output is written to.
    public String topicOf(String sink) {
        return physical.getOrDefault(sink, sink);
    }

    /// Whether all outputs are the real ones.
    public boolean real() {
        return physical.isEmpty();
    }
}
