package io.weir.streams.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.job.RunState;
import io.weir.streams.job.life.JobSeen;
import io.weir.streams.job.life.LocalRun;
import io.weir.streams.job.life.OperationSeen;
import io.weir.streams.job.life.PlannedJob;
import io.weir.streams.job.life.Removal;
import io.weir.streams.job.life.RemovalJson;
import io.weir.streams.job.registry.Failure;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.PlanNote;
import io.weir.streams.replay.ReplayTier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The JSON of `/jobs`, member by member: the API's contract stands here and nowhere else.
final class JobBodies {
    private static final JsonMapper JSON = new JsonMapper();

    private JobBodies() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /// One line of the list: no plan, no history.
    static ObjectNode summary(JobSeen seen) {
        Job job = seen.job();
        JobVersion version = job.liveVersion();
        ObjectNode body = JSON.createObjectNode()
                .put("job", job.name().value())
                .put("state", seen.label())
                .put("version", version.number())
                .put("class", version.className())
                .put("artifact", version.artifact())
                .put("rev", job.rev())
                .put("since", version.state().since().toString());
        body.set("lag", longs(seen.lagBySource()));
        if (version.state() instanceof JobState.Failed failed) {
            body.set("failure", failure(failed.failure(), failed.since().toString()));
        }
        return body;
    }

    static ObjectNode full(JobSeen seen) {
        Job job = seen.job();
        JobVersion version = job.liveVersion();
        ObjectNode body = summary(seen);
        body.put("live", job.live());
        if (job.warm() > 0) {
            body.put("warm", job.warm()).put("warmUntil", String.valueOf(job.warmUntil()));
        }
        ArrayNode versions = body.putArray("versions");
        job.versions()
                .forEach(each ->
                        versions.add(VersionBodies.version(each, seen.runs().get(each.number()))));
        body.put("applicationId", version.applicationId())
                .put("created", version.created().toString())
                .put("deadLetterTopic", job.name().deadLetterTopic());
        body.set("config", strings(version.config()));
        body.set("sources", texts(version.plan().sources()));
        body.set("sinks", texts(version.plan().sinks()));
        body.put("restarts", version.restarts());
        body.set("runtime", seen.run().<JsonNode>map(JobBodies::runtime).orElse(JSON.nullNode()));
        body.set(
                "event",
                JSON.createObjectNode()
                        .put("at", job.last().at().toString())
                        .put("event", job.last().event()));
        ArrayNode operations = body.putArray("operations");
        job.operations().forEach(operation -> operations.add(operation(operation)));
        body.set("plan", plan(version.plan()));
        return body;
    }

    /// The answer to a change: where the job stands, and what is being done.
    static ObjectNode change(JobSeen seen, Operation operation) {
        ObjectNode body = full(seen);
        body.set("operation", operation(operation));
        return body;
    }

    static ObjectNode planned(PlannedJob planned) {
        ObjectNode body =
                JSON.createObjectNode().put("job", planned.name().value()).put("class", planned.className());
        planned.diff()
                .ifPresentOrElse(
                        diff -> VersionBodies.diff(body.put("from", diff.from()).put("to", planned.version()), diff),
                        () -> body.putNull("from").put("to", 1).put("verdict", "deploy"));
        if (!planned.history().isEmpty()) {
            ObjectNode replay =
                    body.putObject("replay").put("tier", planned.tier().name());
            if (planned.tier() != ReplayTier.T3 && !planned.plan().foldRefusal().isEmpty()) {
                replay.put("because", "T3 is out: " + planned.plan().foldRefusal());
            }
            replay.put(
                    "records",
                    planned.history().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
            replay.set("sources", longs(planned.history()));
        }
        body.put("compiler", planned.compiler());
        if (planned.otherCompiler()) {
            body.putArray("warnings")
                    .add("compiled by Java " + planned.compiler() + ", the live version by Java "
                            + planned.liveCompiler() + ": the same code may have another fingerprint");
        }
        body.set("config", strings(planned.config()));
        body.set("sources", texts(planned.plan().sources()));
        body.set("sinks", texts(planned.plan().sinks()));
        body.set("plan", plan(planned.plan()));
        return body;
    }

    static ObjectNode operation(OperationSeen seen) {
        ObjectNode body = operation(seen.operation());
        body.put("job", seen.job());
        seen.removal().ifPresent(removal -> body.set("result", removal(removal)));
        seen.run()
                .filter(run -> seen.operation().running() && isReplay(seen.operation()))
                .ifPresent(run -> VersionBodies.replay(body, run));
        return body;
    }

    private static boolean isReplay(Operation operation) {
        return operation.kind() == Operation.Kind.REPLAY || operation.kind().reruns();
    }

    static ObjectNode removal(Removal removal) {
        return RemovalJson.of(removal);
    }

    static ObjectNode list(List<JobSeen> jobs, Map<String, String> unreadable) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode summaries = body.putArray("jobs");
        jobs.forEach(job -> summaries.add(summary(job)));
        if (!unreadable.isEmpty()) {
            body.set("unreadable", strings(unreadable));
        }
        return body;
    }

    private static ObjectNode operation(Operation operation) {
        ObjectNode body = JSON.createObjectNode()
                .put("id", operation.id())
                .put("kind", operation.kind().name().toLowerCase(Locale.ROOT))
                .put("version", operation.version())
                .put("state", operation.state().name())
                .put("started", operation.started().toString());
        if (operation.ended() != null) {
            body.put("ended", operation.ended().toString());
        }
        if (!operation.problem().isEmpty()) {
            body.put("problem", operation.problem());
        }
        if (!operation.request().isEmpty()) {
            body.set("request", strings(operation.request()));
        }
        if (!operation.result().isEmpty()) {
            body.set("result", operation.result());
        }
        return body;
    }

    static ObjectNode runtime(LocalRun run) {
        ObjectNode body = JSON.createObjectNode();
        switch (run.state()) {
            case RunState.Starting starting -> body.put("state", "STARTING");
            case RunState.Restoring restoring -> body.put("state", "RESTORING").put("remaining", restoring.remaining());
            case RunState.Running running -> body.put("state", "RUNNING");
            case RunState.Failed failed -> body.put("state", "FAILED");
            case RunState.Stopped stopped -> body.put("state", "STOPPED");
        }
        body.put("recordsPerSecond", Math.round(run.recordsPerSecond()));
        body.put(
                "late",
                run.counts().lateByStage().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        body.put("deadLetters", run.counts().deadLetters());
        return body;
    }

    static ObjectNode failure(Failure failure, String at) {
        return JSON.createObjectNode()
                .put("owner", failure.owner().name())
                .put("operator", failure.operator())
                .put("position", failure.position())
                .put("cause", failure.cause())
                .put("fix", failure.fix())
                .put("at", at);
    }

    static ObjectNode plan(PlanNote plan) {
        ObjectNode body = JSON.createObjectNode().put("text", plan.text());
        body.set("json", plan.json());
        return body;
    }

    static ObjectNode longs(Map<String, Long> values) {
        ObjectNode body = JSON.createObjectNode();
        new TreeMap<>(values).forEach(body::put);
        return body;
    }

    static ObjectNode strings(Map<String, String> values) {
        ObjectNode body = JSON.createObjectNode();
        new TreeMap<>(values).forEach(body::put);
        return body;
    }

    static ArrayNode texts(List<String> values) {
        ArrayNode body = JSON.createArrayNode();
        values.forEach(body::add);
        return body;
    }
}
