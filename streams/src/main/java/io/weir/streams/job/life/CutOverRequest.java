package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What a user asks of a promotion or a rollback.
///
/// @param mode `same-topic` or `pointer`; empty to follow from how the live version writes
/// @param gate the comparison that allows it, `op-<n>`, or `none`; empty takes the newest one of the version
/// @param maxPause how long both versions may stand still
/// @param keepWarm how long the old version can be rolled back to
public record CutOverRequest(Optional<String> mode, Optional<String> gate, Duration maxPause, Duration keepWarm) {
    /// Both versions stand still, and the real topics are corrected.
    public static final String SAME_TOPIC = "same-topic";

    /// Readers ask the job where its output is.
    public static final String POINTER = "pointer";

    /// No comparison is asked for.
    public static final String NO_GATE = "none";

    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);
    private static final Duration KEEP_WARM = Duration.ofDays(7);

    public CutOverRequest {
        if (mode.isPresent() && !mode.get().equals(SAME_TOPIC) && !mode.get().equals(POINTER)) {
            throw new WeirException(
                    "spec-invalid",
                    Whose.USER,
                    "Member 'mode': must be same-topic or pointer, got '" + mode.get() + "'.");
        }
    }

    static CutOverRequest of(Map<String, String> request) {
        return new CutOverRequest(
                Optional.ofNullable(request.get("mode")),
                Optional.ofNullable(request.get("gate")),
                duration(request.get("maxPause"), MAX_PAUSE),
                duration(request.get("keepWarm"), KEEP_WARM));
    }

    /// As it is kept with the operation, with durations in ISO-8601.
    public static Map<String, String> stored(
            Map<String, String> asGiven, Optional<Duration> maxPause, Optional<Duration> keepWarm) {
        Map<String, String> stored = new HashMap<>(asGiven);
        maxPause.ifPresent(pause -> stored.put("maxPause", pause.toString()));
        keepWarm.ifPresent(warm -> stored.put("keepWarm", warm.toString()));
        return stored;
    }

    private static Duration duration(@org.jspecify.annotations.Nullable String given, Duration otherwise) {
        try {
            return given == null ? otherwise : Duration.parse(given);
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }
}
