package io.weir.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every way in which code can ask its surroundings for the time, for randomness, for settings, or to wait.
final class Surroundings {
    private static final Map<String, Set<String>> MEMBERS = Map.ofEntries(
            Map.entry(
                    "java.lang.System",
                    Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty", "getProperties")),
            Map.entry("java.lang.Thread", Set.of("sleep")),
            Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.lang.StrictMath", Set.of("random")),
            Map.entry("java.lang.Integer", Set.of("getInteger")),
            Map.entry("java.lang.Long", Set.of("getLong")),
            Map.entry("java.lang.Boolean", Set.of("getBoolean")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry(
                    "java.time.Clock",
                    Set.of("systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds", "tickMinutes")));

    private static final Set<String> SEEDLESS =
            Set.of("java.util.Random", "java.util.SplittableRandom", "java.security.SecureRandom", "java.util.Date");

    private static final Map<String, Set<String>> KAFKAS_MEMBERS = Map.of(
            "org.apache.kafka.common.Uuid", Set.of("randomUuid"),
            "org.apache.kafka.common.utils.Time", Set.of("SYSTEM"),
            "org.apache.kafka.common.utils.SystemTime", Set.of("getSystemTime"));

    static final DescribedPredicate<JavaAccess<?>> KAFKA_ASKED = describe(
            "asks Kafka for the system's time or a random id",
            access -> KAFKAS_MEMBERS
                    .getOrDefault(access.getTargetOwner().getName(), Set.of())
                    .contains(access.getTarget().getName()));

    static final DescribedPredicate<JavaAccess<?>> ASKED = describe(
            "asks its surroundings for time, randomness, settings or a pause", access -> isAsked(access.getTarget()));

    private Surroundings() {}

    private static boolean isAsked(AccessTarget target) {
        String owner = target.getOwner().getName();
        String name = target.getName();
        if (MEMBERS.getOrDefault(owner, Set.of()).contains(name)) {
            return true;
        }
        if (!(target instanceof AccessTarget.CodeUnitAccessTarget method)) {
            return false;
        }
        List<String> parameters =
                method.getRawParameterTypes().stream().map(JavaClass::getName).toList();
        boolean now = owner.startsWith("java.time.") && name.equals("now");
        // now(clock) and new Random(seed) are what the rule asks for
        return (now && !parameters.contains("java.time.Clock"))
                || (SEEDLESS.contains(owner) && name.equals("<init>") && parameters.isEmpty());
    }
}
