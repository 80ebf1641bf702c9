package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cli.node.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `weir job ...`: stream jobs.
@Command(
        name = "job",
        description = "List, deploy, inspect, replay, stop, start and delete stream jobs.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            JobCommand.ListJobs.class,
            JobCommand.Deploy.class,
            JobVersions.Plan.class,
            JobVersions.Add.class,
            JobVersions.Replay.class,
            JobVersions.Tune.class,
            JobTakeOver.Compare.class,
            JobTakeOver.Promote.class,
            JobTakeOver.Rollback.class,
            JobVersions.Cancel.class,
            JobVersions.Restart.class,
            JobVersions.Retire.class,
            JobCommand.Status.class,
            JobState.Topology.class,
            JobState.Stores.class,
            JobState.Get.class,
            JobReruns.Backfill.class,
            JobSnapshots.Snapshot.class,
            JobSnapshots.Snapshots.class,
            JobSnapshots.Drop.class,
            JobCommand.Stop.class,
            JobCommand.Start.class,
            JobCommand.Delete.class
        })
public final class JobCommand {

    private static String lag(JsonNode job) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> source : job.path("lag").properties()) {
            parts.add(source.getKey() + "=" + source.getValue().asText());
        }
        return parts.isEmpty() ? "-" : String.join(" ", parts);
    }

    private static String state(JsonNode job) {
        JsonNode state = job.path("state");
        return state.isObject() ? state.path("kind").asText(state.path("name").asText()) : state.asText("-");
    }

    @Command(name = "list", aliases = "ls", description = "List jobs with state and lag.")
    static final class ListJobs extends NodeCommand {
        @Override
        public void run() {
            JsonNode answer = api().get("/jobs");
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode job : answer.isArray() ? answer : answer.path("jobs")) {
                rows.add(List.of(job.path("job").asText(), job.path("version").asText("-"), state(job), lag(job)));
            }
            printer().table(List.of("JOB", "VERSION", "STATE", "LAG"), rows);
        }
    }

    @Command(name = "deploy", description = "Upload a jar, or compile one .java file, and run its job.")
    static final class Deploy extends JobVersions.WithJar {
        @Option(
                names = "--job",
                paramLabel = "NAME",
                description = "The job's name (default: the class name in kebab case).")
        private String job = "";

        @Override
        public void run() {
            JsonNode answer = send("/jobs?wait=RUNNING", job);
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            String name = answer.path("job").asText(job);
            printer()
                    .line("Deployed job '" + name + "' version "
                            + answer.path("version").asText("1") + ". Follow it: ./weir job status " + name);
        }
    }

    @Command(name = "status", aliases = "describe", description = "Show a job's state, lag, failure and plan.")
    static final class Status extends NodeCommand {
        @Parameters(paramLabel = "JOB")
        private String job = "";

        @Option(names = "--source", description = "Show the source that the live version was deployed from.")
        private boolean source;

        @Override
        public void run() {
            if (source) {
                source();
                return;
            }
            JsonNode status = api().get("/jobs/" + Api.escape(job));
            if (wantsJson()) {
                printer().json(status);
                return;
            }
            printer()
                    .line(job + "  version " + status.path("version").asText("-") + "  " + state(status) + "  lag "
                            + lag(status));
            versions(status);
            if (status.hasNonNull("failure")) {
                printer().line("failure: " + status.path("failure"));
            }
            JsonNode plan = status.path("plan");
            printer().line(plan.isTextual() ? plan.asText() : plan.path("text").asText(""));
        }

        private void source() {
            String version =
                    api().get("/jobs/" + Api.escape(job)).path("version").asText();
            JsonNode answer = api().get("/jobs/" + Api.escape(job) + "/versions/" + version + "/source");
            if (wantsJson()) {
                printer().json(answer);
                return;
            }
            answer.path("files").properties().forEach(file -> {
                printer().line("// " + file.getKey());
                printer().line(file.getValue().asText());
            });
        }

        /// One line per version, once there is more than one.
        private void versions(JsonNode status) {
            if (status.path("versions").size() < 2) {
                return;
            }
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode version : status.path("versions")) {
                JsonNode operation = JobVersions.runningReplay(
                        status, version.path("version").asInt());
                String done = operation.isMissingNode()
                        ? "-"
                        : JobVersions.progress(api().get("/jobs/" + Api.escape(job) + "/operations/"
                                + operation.path("id").asText()));
                rows.add(List.of(
                        version.path("version").asText(),
                        version.path("state").asText()
                                + (version.has("tier")
                                        ? "(" + version.path("tier").asText() + ")"
                                        : ""),
                        String.join(" ", texts(version.path("outputs"))),
                        done));
            }
            printer().table(List.of("VERSION", "STATE", "OUTPUTS", "REPLAY"), rows);
        }

        private static List<String> texts(JsonNode outputs) {
            List<String> texts = new ArrayList<>();
            outputs.forEach(topic -> texts.add(topic.asText()));
            return texts;
        }
    }

    /// A command that names one job and asks for one change of it.
    abstract static class OneJob extends NodeCommand {
        @Parameters(paramLabel = "JOB")
        private String job = "";

        String job() {
            return job;
        }

        void done(JsonNode answer, String what) {
            if (wantsJson()) {
                printer()
                        .json(
                                answer.isMissingNode()
                                        ? Api.JSON.createObjectNode().put("job", job)
                                        : answer);
                return;
            }
            printer().line("Job '" + job + "': " + what + ".");
        }
    }

    @Command(name = "stop", description = "Stop a job; its offsets and state are kept.")
    static final class Stop extends OneJob {
        @Override
        public void run() {
            done(api().post("/jobs/" + Api.escape(job()) + "/stop", null), "stopped, offsets and state kept");
        }
    }

    @Command(name = "start", description = "Start a stopped job where it was.")
    static final class Start extends OneJob {
        @Override
        public void run() {
            done(api().post("/jobs/" + Api.escape(job()) + "/start?wait=RUNNING", null), "started");
        }
    }

    @Command(
            name = "delete",
            aliases = "rm",
            description = "Stop a job and delete its group, state and internal topics.")
    static final class Delete extends OneJob {
        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        public void run() {
            Confirm.ask(yes, "Delete job '" + job() + "' with its state? Its output topics stay.");
            done(api().delete("/jobs/" + Api.escape(job())), "deleted");
        }
    }
}
