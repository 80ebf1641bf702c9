package io.weir.streams.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.job.life.LocalRun;
import io.weir.streams.job.life.PlanDiff;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.replay.RecordTime;
import io.weir.streams.replay.ReplayProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The JSON of one version of a job, of what it changes, and of how far its replay is.
final class VersionBodies {
    private VersionBodies() {}

    /// One line of a job's versions.
    static ObjectNode version(JobVersion version, @Nullable LocalRun run) {
        ObjectNode body = JobBodies.object()
                .put("version", version.number())
                .put("state", version.state().label())
                .put("since", version.state().since().toString())
                .put("class", version.className())
                .put("artifact", version.artifact())
                .put("compiler", version.compiler())
                .put("applicationId", version.applicationId());
        Replay replay = version.replay();
        if (version.state() instanceof JobState.Replaying && replay != null) {
            body.put("tier", replay.tier().name());
        }
        body.set("outputs", outputs(version));
        if (version.state() instanceof JobState.Failed failed) {
            body.set(
                    "failure",
                    JobBodies.failure(failed.failure(), failed.since().toString()));
        }
        if (run != null) {
            body.set("runtime", JobBodies.runtime(run));
        }
        return body;
    }

    static ObjectNode full(JobVersion version, @Nullable LocalRun run, Map<String, Long> lag, PlanDiff diff) {
        ObjectNode body = version(version, run);
        body.put("created", version.created().toString()).put("restarts", version.restarts());
        body.set("lag", JobBodies.longs(lag));
        body.set("config", JobBodies.strings(version.config()));
        Replay replay = version.replay();
        if (replay != null) {
            ObjectNode how = body.putObject("replay")
                    .put("rate", replay.rate())
                    .put("maxDrift", Duration.ofMillis(replay.maxDriftMillis()).toString())
                    .put("paused", replay.paused())
                    .put("tier", replay.tier().name());
            how.set("from", JobBodies.longs(replay.start()));
            how.set("end", JobBodies.longs(replay.end()));
        }
        if (run != null && version.state().replays()) {
            replay(body.putObject("progress"), run);
        }
        if (diff.from() != version.number()) {
            diff(body.putObject("diff").put("from", diff.from()), diff);
        }
        body.set("plan", JobBodies.plan(version.plan()));
        return body;
    }

    /// Verdict, reasons and kept stages.
    static void diff(ObjectNode body, PlanDiff diff) {
        body.put("verdict", diff.keep() ? "keep" : "replay");
        ArrayNode reasons = body.putArray("reasons");
        for (PlanDiff.Reason reason : diff.reasons()) {
            reasons.addObject()
                    .put("stage", reason.stage())
                    .put("rule", reason.rule())
                    .put("was", reason.was())
                    .put("is", reason.is())
                    .put("state", reason.state());
        }
        body.set("kept", JobBodies.texts(diff.kept()));
    }

    /// How far a replay is, as this node sees it.
    static void replay(ObjectNode body, LocalRun run) {
        ReplayProgress progress = run.replay();
        long left = Math.max(0, progress.total() - progress.done());
        body.put("done", progress.done())
                .put("total", progress.total())
                .put("percent", Math.round(progress.percent() * 10) / 10.0)
                .put("recordsPerSecond", Math.round(run.recordsPerSecond()));
        if (run.recordsPerSecond() >= 1) {
            body.put("etaSeconds", (long) Math.ceil(left / run.recordsPerSecond()));
        }
        body.put(
                "late",
                run.counts().lateByStage().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        body.put("deadLetters", run.counts().deadLetters());
        body.put("foldedRecords", progress.foldedRecords());
        body.put("coldRecords", progress.coldRecords()).put("hotRecords", progress.hotRecords());
        ObjectNode time = body.putObject("eventTime");
        if (progress.slowestMillis() != RecordTime.NONE) {
            time.put("slowest", Instant.ofEpochMilli(progress.slowestMillis()).toString());
        }
        if (progress.fastestMillis() != RecordTime.NONE) {
            time.put("fastest", Instant.ofEpochMilli(progress.fastestMillis()).toString());
        }
        ArrayNode partitions = body.putArray("partitions");
        for (ReplayProgress.Part part : progress.partitions()) {
            partitions
                    .addObject()
                    .put("topic", part.topic())
                    .put("partition", part.partition())
                    .put("next", part.next())
                    .put("end", part.end())
                    .put("phase", phase(part));
        }
    }

    private static String phase(ReplayProgress.Part part) {
        if (!part.read()) {
            return "waiting";
        }
        if (part.cold()) {
            return part.folded() ? "fold" : "cold";
        }
        return part.next() >= part.end() ? "hot" : "history";
    }

    /// Topic by output.
    private static ObjectNode outputs(JobVersion version) {
        Map<String, String> topics = new TreeMap<>();
        version.plan()
                .sinks()
                .forEach(sink -> topics.put(sink, version.outputs().topicOf(sink)));
        return JobBodies.strings(topics);
    }
}
