package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir job plan|add|replay|...`: versions of a job.
final class JobVersions {
    private JobVersions() {}

    /// The operation that replays a version just now.
    static JsonNode runningReplay(JsonNode job, int version) {
        for (JsonNode operation : job.path("operations")) {
            if (operation.path("kind").asText().equals("replay")
                    && operation.path("state").asText().equals("RUNNING")
                    && operation.path("version").asInt() == version) {
                return operation;
            }
        }
        return MissingNode.getInstance();
    }

    /// `62.0 %, 198400 records/s, 4 s left`.
    static String progress(JsonNode operation) {
        if (!operation.has("percent")) {
            return operation.path("state").asText();
        }
        String eta = operation.has("etaSeconds")
                ? ", " + operation.path("etaSeconds").asText() + " s left"
                : "";
        long cold = operation.path("coldRecords").asLong()
                + operation.path("foldedRecords").asLong();
        String archived = cold > 0 ? ", " + cold + " from the archive" : "";
        return operation.path("percent").asText() + " %, "
                + operation.path("recordsPerSecond").asText() + " records/s" + archived + eta;
    }

    /// A command that brings a job's code.
    abstract static class WithJar extends NodeCommand {
        @Parameters(paramLabel = "FILE", description = "A jar, or one .java file, which is compiled here.")
        private Path file = Path.of("");

        @Option(
                names = "--class",
                paramLabel = "CLASS",
                description = "The class that implements StreamJob (default: the only one of the jar).")
        private String jobClass = "";

        @Option(names = "--config", paramLabel = "NAME=VALUE")
        private Map<String, String> config = Map.of();

        JsonNode send(String path, String job) {
            ObjectNode spec = Api.JSON.createObjectNode();
            if (!job.isEmpty()) {
                spec.put("job", job);
            }
            if (!jobClass.isEmpty()) {
                spec.put("class", jobClass);
            }
            ObjectNode settings = spec.putObject("config");
            config.forEach(settings::put);
            return JobFile.send(api(), path, file, spec);
        }

        void showVerdict(JsonNode plan) {
            String verdict = plan.path("verdict").asText();
            printer()
                    .line(plan.path("job").asText() + "  "
                            + switch (verdict) {
                                case "keep" -> "state is kept";
                                case "replay" -> "needs a replay" + size(plan);
                                default -> "a new job";
                            });
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode reason : plan.path("reasons")) {
                rows.add(List.of(
                        reason.path("stage").asText(),
                        reason.path("rule").asText(),
                        reason.path("state").asText()));
            }
            if (!rows.isEmpty()) {
                printer().table(List.of("STAGE", "CHANGE", "STATE"), rows);
            }
            plan.path("warnings").forEach(warning -> printer().line("Note: " + warning.asText() + "."));
        }
    }

    private static String size(JsonNode plan) {
        JsonNode replay = plan.path("replay");
        String because = replay.has("because") ? ", " + replay.path("because").asText() : "";
        return plan.has("replay")
                ? " of " + replay.path("records").asText() + " records in tier "
                        + replay.path("tier").asText() + because
                : "";
    }

    @Command(
            name = "plan",
            description = "Show what a jar or source file would run and change, and whether it needs a replay.")
    static final class Plan extends WithJar {
        @Option(names = "--job", paramLabel = "NAME", description = "The job's name (default: from the class).")
        private String job = "";

        @Override
        public void run() {
            JsonNode plan = send("/jobs/plan", job);
            if (wantsJson()) {
                printer().json(plan);
                return;
            }
            showVerdict(plan);
            printer().line(plan.path("plan").path("text").asText());
        }
    }

    @Command(name = "add", description = "Upload a further version of a job; nothing runs yet.")
    static final class Add extends WithJar {
        @Option(names = "--job", required = true, paramLabel = "NAME", description = "The job's name.")
        private String job = "";

        @Override
        public void run() {
            JsonNode added = send("/jobs/" + Api.escape(job) + "/versions", "");
            if (wantsJson()) {
                printer().json(added);
                return;
            }
            String version = added.path("version").asText();
            ObjectNode diff = Api.JSON.createObjectNode().put("job", job);
            if (added.path("diff") instanceof ObjectNode changes) {
                diff.setAll(changes);
            }
            showVerdict(diff);
            printer()
                    .line("Version " + version + " is planned. Replay it beside the live one: ./weir job replay " + job
                            + " " + version);
        }
    }

    /// A command about one version.
    abstract static class OneVersion extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Parameters(index = "1", paramLabel = "VERSION")
        private int version;

        String job() {
            return job;
        }

        int version() {
            return version;
        }

        String path() {
            return "/jobs/" + Api.escape(job) + "/versions/" + version;
        }

        void done(JsonNode answer, String what) {
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            printer().line("Job '" + job + "', version " + version + ": " + what + ".");
        }
    }

    @Command(
            name = "replay",
            description = "Let a version read history beside the live one, into outputs of its own; or, with --dlq,"
                    + " feed the job's dead letters again.")
    static final class Replay extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "VERSION")
        private int version;

        @Option(names = "--dlq", description = "Feed the dead letters that were not fed yet to the live version.")
        private boolean deadLetters;

        @Option(names = "--dry-run", description = "With --dlq: only show which records it would be.")
        private boolean dryRun;

        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "beginning or an instant such as 2001-03-01T00:00:00Z (default: beginning).")
        private String from = "beginning";

        @Option(names = "--rate", paramLabel = "RECORDS", description = "Most records per second (default: no limit).")
        private long rate;

        @Option(
                names = "--max-drift",
                paramLabel = "TIME",
                description = "How far of event time one partition may be ahead, for example 30s.")
        private String maxDrift = "";

        @Option(
                names = "--tier",
                paramLabel = "TIER",
                description = "T1 reads through the broker, T2 what is archived from the archive, T3 folds it there"
                        + " (default: auto).")
        private String tier = "auto";

        @Option(names = "--wait", description = "Show the progress and end when the version has caught up.")
        private boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                description = "How long --wait waits (default 3600); the replay goes on.")
        private long timeout = 3600;

        @Override
        public void run() {
            if (deadLetters) {
                redrive();
                return;
            }
            if (version < 1) {
                throw new CliFailure(CliFailure.USER, "Parameter 'VERSION': is missing, the version that replays.");
            }
            ObjectNode body = Api.JSON
                    .createObjectNode()
                    .put("from", from)
                    .put("rate", rate)
                    .put("tier", tier);
            if (!maxDrift.isEmpty()) {
                body.put("maxDrift", maxDrift);
            }
            JsonNode answer = api().post("/jobs/" + Api.escape(job) + "/versions/" + version + "/replay", body);
            String operation = answer.path("operation").path("id").asText();
            if (!wait) {
                done(answer, "replays as " + operation + ". Follow it: ./weir job status " + job);
                return;
            }
            JsonNode ended = awaitEnd(operation);
            if (!ended.path("state").asText().equals("DONE")) {
                throw new CliFailure(
                        CliFailure.CHECK,
                        operation + ": " + ended.path("state").asText() + " "
                                + ended.path("problem").asText());
            }
            done(ended, "has caught up. Compare it: ./weir job compare " + job);
        }

        private void redrive() {
            String path = "/jobs/" + Api.escape(job) + "/dlq/replay";
            if (dryRun) {
                printer().json(api().post(path + "?dryRun=true", null));
                return;
            }
            JsonNode result = JobReruns.awaitDone(api(), job, api().post(path + "?timeout=0ms", null), timeout);
            if (wantsJson()) {
                printer().json(result);
                return;
            }
            printer()
                    .line("Job '" + job + "': " + result.path("letters").asText() + " dead letters fed again, "
                            + result.path("failedAgain").asText() + " have failed again.");
            if (result.has("outputs")) {
                printer().table(JobReruns.COLUMNS, JobReruns.outputs(result));
            }
        }

        private void done(JsonNode answer, String what) {
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            printer().line("Job '" + job + "', version " + version + ": " + what + ".");
        }

        private JsonNode awaitEnd(String operation) {
            String path = "/jobs/" + Api.escape(job) + "/operations/" + Api.escape(operation);
            JsonNode[] seen = {MissingNode.getInstance()};
            double[] shown = {0};
            Waiting.until("replay " + operation, Duration.ofSeconds(timeout), Duration.ofMillis(500), () -> {
                seen[0] = api().get(path);
                double percent = seen[0].path("percent").asDouble();
                if (!wantsJson() && percent >= shown[0] + 10) {
                    shown[0] = percent;
                    printer().line(operation + ": " + progress(seen[0]));
                }
                return !seen[0].path("state").asText().equals("RUNNING");
            });
            return seen[0];
        }
    }

    @Command(name = "tune", description = "Pause, resume or throttle a running replay.")
    static final class Tune extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Parameters(index = "1", paramLabel = "OPERATION")
        private String operation = "";

        @Option(names = "--paused", paramLabel = "true|false", arity = "1")
        private String paused = "";

        @Option(names = "--rate", paramLabel = "RECORDS", description = "Most records per second, 0 for no limit.")
        private String rate = "";

        @Override
        public void run() {
            ObjectNode body = Api.JSON.createObjectNode();
            if (!paused.isEmpty()) {
                body.put("paused", Boolean.parseBoolean(paused));
            }
            if (!rate.isEmpty()) {
                body.put("rate", number(rate));
            }
            JsonNode answer = api().patch("/jobs/" + Api.escape(job) + "/operations/" + Api.escape(operation), body);
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            printer().line(operation + ": " + progress(answer) + ".");
        }

        private static long number(String given) {
            if (!given.matches("[0-9]{1,12}")) {
                throw new CliFailure(
                        CliFailure.USER, "Option '--rate': must be a number from 0 on, got '" + given + "'.");
            }
            return Long.parseLong(given);
        }
    }

    @Command(name = "cancel", description = "Cancel a running replay, compare, promotion or rollback.")
    static final class Cancel extends NodeCommand {
        @Parameters(index = "0", paramLabel = "JOB")
        private String job = "";

        @Parameters(index = "1", paramLabel = "OPERATION")
        private String operation = "";

        @Override
        public void run() {
            JsonNode answer = api().delete("/jobs/" + Api.escape(job) + "/operations/" + Api.escape(operation));
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            printer().line(operation + ": " + answer.path("state").asText() + ".");
        }
    }

    @Command(name = "restart", description = "Run a failed version again.")
    static final class Restart extends OneVersion {
        @Override
        public void run() {
            done(api().post(path() + "/restart", null), "started again");
        }
    }

    @Command(
            name = "retire",
            description = "Remove a version that is not live: its group, state, internal topics and own outputs.")
    static final class Retire extends OneVersion {
        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Option(names = "--dry-run", description = "Only list what would go and stay.")
        private boolean dryRun;

        @Override
        public void run() {
            if (dryRun) {
                printer().json(api().post(path() + "/retire?dryRun=true", null));
                return;
            }
            Confirm.ask(yes, "Remove version " + version() + " of job '" + job() + "' with its state and own outputs?");
            done(api().post(path() + "/retire", null), "retired");
        }
    }
}
