package io.weir.streams.job.registry;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.Locale;
import java.util.Set;

/// The name of a job: 1 to 64 characters of `a-z 0-9 - _`. No dots, so that `<job>.v1-` is the prefix of no other
/// job's topics. `artifacts` and `plan` are paths of the API and no names.
///
/// @param value the name itself; stored as a plain JSON string
public record JobName(@JsonValue String value) {
    private static final Set<String> RESERVED = Set.of("artifacts", "plan");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobName {
        if (!value.matches("[a-z0-9_-]{1,64}")) {
            throw new WeirException(
                    "job-name-invalid",
                    Whose.USER,
                    "Job '" + value + "': a name has 1 to 64 characters of a-z 0-9 - _.");
        }
        if (RESERVED.contains(value)) {
            throw new WeirException(
                    "job-name-invalid", Whose.USER, "Job '" + value + "': the name is reserved, choose another one.");
        }
    }

    /// The simple name of a job class in kebab case: `shop.DelaysByHour` gives `delays-by-hour`.
    public static JobName ofClass(String className) {
        String simple = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
        String kebab = simple.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replaceAll("([A-Z]+)([A-Z][a-z])", "$1-$2");
        return new JobName(kebab.toLowerCase(Locale.ROOT));
    }

    /// Kafka's `application.id` of one version, and the prefix of its group, state folder and internal topics.
    public String applicationId(int version) {
        return value + ".v" + version;
    }

    /// Where rows go that the job cannot process.
    public String deadLetterTopic() {
        return value + ".dlq";
    }

    @Override
    public String toString() {
        return value;
    }
}
