package io.weir.examples.lambda;

import io.weir.examples.DelaysByOrigin.Delays;
import java.util.Map;
import java.util.TreeMap;

/// The serving layer: whoever asks gets the batch's rows and the speed layer's rows added up.
public final class ServedDelays {
    private ServedDelays() {}

    public static Map<String, Delays> merge(Map<String, Delays> batch, Map<String, Delays> speed) {
        Map<String, Delays> merged = new TreeMap<>(batch);
        speed.forEach((origin, recent) -> merged.merge(
                origin,
                recent,
                (old, more) -> new Delays(old.flights() + more.flights(), old.delayMinutes() + more.delayMinutes())));
        return merged;
    }
}
