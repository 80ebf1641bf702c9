package io.weir.streams.job.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.weir.log.journal.Entry;
import io.weir.streams.replay.ReplayTier;
import java.io.IOException;

/// The stored form of a job, format `job/4`: the components of [Job] by name, and `"weir":"job/4"`. Format 1,
/// which
/// knew one version per job, format 2, which kept no snapshots and no events, and format 3, which knew no
/// backfills,
/// no dead letters that are fed again and no compilers, are read and written back as 4.
///
/// A value of our own format with a field that we do not know is damaged and refused. A value of a *newer*
/// format
/// is read as far as we understand it, shown, and never written: a newer node will see to it. So nodes of two
/// versions can share one log.
final class JobJson {
    static final int FORMAT = 4;
    private static final String PREFIX = "job/";

    private final ObjectMapper strict = mapper(true);
    private final ObjectMapper lenient = mapper(false);

    /// @param format the number behind `job/`
    record Stored(Job job, int format) {}

    byte[] write(Job job) {
        try {
            ObjectNode tree = strict.valueToTree(job);
            tree.put("weir", PREFIX + FORMAT);
            return strict.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Job '" + job.name() + "': cannot be written as JSON.", e);
        }
    }

    /// One change for `__weir_jobs_history`: flat, for people and SQL.
    Entry history(Job job) {
        return history(job, job.rev(), job.last().event());
    }

    /// That nothing is left of a job.
    Entry removed(Job job) {
        return history(job, job.rev() + 1, "removed");
    }

    private Entry history(Job job, long rev, String event) {
        Operation operation = job.lastOperation();
        ObjectNode change = strict.createObjectNode()
                .put("job", job.name().value())
                .put("rev", rev)
                .put("at", job.last().at().toString())
                .put("event", event)
                .put("live", job.live())
                .put("liveState", job.state().label())
                .put("warm", job.warm())
                .put("operation", operation.id())
                .put("operationKind", operation.kind().name())
                .put("operationState", operation.state().name());
        try {
            return new Entry(job.name().value(), strict.writeValueAsBytes(change));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Job '" + job.name() + "': its change cannot be written as JSON.", e);
        }
    }

    /// @throws IOException when the value is no job that this version can read; the message says why
    Stored read(byte[] value) throws IOException {
        JsonNode tree = strict.readTree(value);
        if (!(tree instanceof ObjectNode object)) {
            throw new IOException("is not a JSON object");
        }
        int format = format(object.path("weir").asText());
        object.remove("weir");
        if (format == 1) {
            upgrade(object);
        }
        if (format < 3) {
            object.put("nextSnapshot", 1).putArray("snapshots");
            object.putArray("events");
        }
        if (format < FORMAT) {
            object.putObject("redriven");
            object.path("snapshots")
                    .forEach(
                            snapshot -> ((ObjectNode) snapshot).putNull("slice").putNull("letters"));
            object.path("versions").forEach(version -> ((ObjectNode) version).put("compiler", ""));
        }
        withTiers(object);
        ObjectMapper mapper = format > FORMAT ? lenient : strict;
        return new Stored(mapper.treeToValue(object, Job.class), format);
    }

    private static void upgrade(ObjectNode job) {
        job.put("warm", 0).putNull("warmUntil").putNull("hold").put("nextVersion", 2);
        for (JsonNode version : job.withArray("versions")) {
            ObjectNode members = (ObjectNode) version;
            members.putNull("replay");
            ObjectNode outputs = members.putObject("outputs");
            outputs.putObject("physical");
            outputs.putObject("shared");
            outputs.putObject("own");
            ObjectNode state = members.withObject("state");
            switch (state.path("kind").asText()) {
                case "starting", "failed" -> state.put("aim", "LIVE");
                case "stopped" -> state.put("aim", "LIVE").put("resting", !stopping(job));
                default -> {}
            }
        }
        for (JsonNode operation : job.withArray("operations")) {
            ((ObjectNode) operation).putObject("request");
            ((ObjectNode) operation).putObject("result");
        }
    }

    /// Replays that were asked for before there was a choice, and plans of that time.
    private static void withTiers(ObjectNode job) {
        for (JsonNode version : job.path("versions")) {
            if (version.path("plan") instanceof ObjectNode plan && !plan.has("foldRefusal")) {
                plan.put("foldRefusal", "the plan was made before columns could be folded");
            }
            if (version.path("replay") instanceof ObjectNode replay && !replay.has("tier")) {
                replay.put("tier", ReplayTier.T1.name());
            }
        }
    }

    private static boolean stopping(ObjectNode job) {
        JsonNode operations = job.path("operations");
        JsonNode last = operations.path(operations.size() - 1);
        return last.path("kind").asText().equals("STOP")
                && last.path("state").asText().equals("RUNNING");
    }

    private static int format(String weir) throws IOException {
        if (!weir.matches(PREFIX + "[1-9][0-9]{0,4}")) {
            throw new IOException("has no format job/N, got '" + weir + "'");
        }
        return Integer.parseInt(weir.substring(PREFIX.length()));
    }

    private static ObjectMapper mapper(boolean refuseUnknownFields) {
        return JsonMapper.builder()
                .addModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, refuseUnknownFields)
                .configure(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, true)
                .build();
    }
}
