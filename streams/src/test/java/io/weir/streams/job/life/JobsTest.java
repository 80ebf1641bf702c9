package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.JobJars;
import io.weir.streams.job.MemoryJournal;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunState.Owner;
import io.weir.streams.job.artifact.ArtifactIndex;
import io.weir.streams.job.artifact.ArtifactStore;
import io.weir.streams.job.compare.Corrections;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.compare.ResultRow;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobCatalog;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobState.Position;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.replay.RecordTime;
import io.weir.streams.replay.ReplayConsumer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsTest {
    private static final OptionalLong ANY = OptionalLong.empty();
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    static Path jars;

    static Path jar;

    @TempDir
    Path data;

    private final MemoryJournal<JobCatalog> catalog = new MemoryJournal<>(JobCatalog.empty(), JobCatalog.fold());
    private final MemoryJournal<ArtifactIndex> index = new MemoryJournal<>(ArtifactStore.empty(), ArtifactStore.fold());
    private final FakeCluster cluster = new FakeCluster().with("orders");
    private final FakeRunner runner = new FakeRunner();
    private final MovableClock clock = new MovableClock();
    private JobsNode node;
    private Jobs jobs;

    @BeforeAll
    static void packJar() {
        jar = JobJars.in(jars)
                .source(
                        "shop.Copy",
                        "package shop; import io.weir.streams.dsl.*; public class Copy implements StreamJob {"
                                + " public record Order(String id, long cents) {}"
                                + " public void define(Flow f) { f.stream(\"orders\", Order.class).to(\"copies\"); } }")
                .source(
                        "shop.Lost",
                        "package shop; import io.weir.streams.dsl.*; public class Lost implements StreamJob {"
                                + " public record Order(String id, long cents) {}"
                                + " public void define(Flow f) { f.stream(\"order\", Order.class).to(\"copies\"); } }")
                .build("shop.jar");
    }

    @BeforeEach
    void openNode() {
        node = open();
        jobs = node.jobs();
    }

    @AfterEach
    void closeNode() {
        node.close();
    }

    @Test
    void aDeployedJobRuns() {
        Job job = jobs.deploy(request("copy"));

        OperationSeen deployed = jobs.awaitEnd("copy", job.lastOperation(), SOON);

        assertThat(deployed.operation().state()).isEqualTo(Operation.Outcome.DONE);
        assertThat(jobs.get("copy").label()).isEqualTo("LIVE");
        FakeRunner.Run run = runner.runs.getFirst();
        assertThat(run.spec.applicationId()).isEqualTo("copy.v1");
        assertThat(run.spec.stateDirectory()).isEqualTo(data.resolve("state"));
        assertThat(run.spec.threads()).isEqualTo(3);
        assertThat(run.spec.classes()).isNotSameAs(getClass().getClassLoader());
    }

    @Test
    void withoutANameTheJobIsCalledAfterItsClass() {
        Job job = jobs.deploy(new DeployRequest(null, "shop.Copy", Map.of(), "shop.jar", jar));

        assertThat(job.name()).hasToString("copy");
    }

    @Test
    void requestsThatAreSentAgainWithTheirKeyBeginNothingAnew() {
        Map<String, String> key = RepeatedRequest.keyed(Map.of(), Optional.of("once"));
        Job job = jobs.deploy(request("copy"), key);
        assertThatThrownBy(() -> jobs.deploy(request("copy"), key))
                .isInstanceOfSatisfying(
                        RepeatedRequest.class,
                        again -> assertThat(again.operation().id())
                                .isEqualTo(job.lastOperation().id()));
        jobs.awaitEnd("copy", job.lastOperation(), SOON);

        Map<String, String> stop = RepeatedRequest.keyed(Map.of(), Optional.of("stop"));
        Job stopping = jobs.stop("copy", stop, ANY);
        assertThatThrownBy(() -> jobs.stop("copy", stop, ANY)).isInstanceOf(RepeatedRequest.class);
        jobs.awaitEnd("copy", stopping.lastOperation(), SOON);
        Map<String, String> start = RepeatedRequest.keyed(Map.of(), Optional.of("start"));
        jobs.start("copy", start, ANY);
        assertThatThrownBy(() -> jobs.start("copy", start, ANY)).isInstanceOf(RepeatedRequest.class);
        refusal(() -> jobs.start("copy", stop, ANY), 422).hasMessageContaining("another request");
    }

    @Test
    void aJarThatBringsNoSourceSaysHowToBringIt() {
        jobs.deploy(request("copy"));

        refusal(() -> jobs.source("copy", 1), 404).hasMessageContaining("./weir job deploy MyJob.java");
    }

    @Test
    void aPlanStoresNothing() {
        PlannedJob planned = jobs.plan(request("copy"));

        assertThat(planned.plan().sources()).containsExactly("orders");
        assertThat(planned.plan().text()).contains("orders");
        assertThat(catalog.log()).isEmpty();
        assertThat(index.log()).isEmpty();
        assertThat(data.resolve("artifacts")).doesNotExist();
    }

    @Test
    void aMissingSourceNamesTheNearestTopicAndStoresNothing() {
        refusal(() -> jobs.deploy(new DeployRequest("copy", "shop.Lost", Map.of(), "shop.jar", jar)), 422)
                .hasMessage("Job 'copy': its source topic 'order' does not exist. Did you mean 'orders'?");
        assertThat(catalog.log()).isEmpty();
        assertThat(index.log()).isEmpty();
    }

    @Test
    void anOutputThatWouldForgetOldRecordsIsRefused() {
        cluster.topics.put("copies", new JobCluster.TopicFacts(4, "delete", 604_800_000));

        refusal(() -> jobs.deploy(request("copy")), 409)
                .hasMessageContaining("Topic 'copies'")
                .hasMessageContaining("retention.ms=604800000");
    }

    @Test
    void aSecondDeployOfANameIsRefused() {
        deployAndRun("copy");

        refusal(() -> jobs.deploy(request("copy")), 409).hasMessageContaining("'copy': exists already");
        cluster.with("order");
        refusal(() -> jobs.deploy(new DeployRequest("copy", "shop.Lost", Map.of(), "shop.jar", jar)), 409)
                .hasMessageContaining("shop.Copy");
        assertThat(jobs.all()).hasSize(1);
    }

    @Test
    void ofManyDeploysOfOneNameAtOnceExactlyOneWins() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Job>> deploys = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                deploys.add(threads.submit(() -> jobs.deploy(request("copy"))));
            }
            int won = 0;
            for (Future<Job> deploy : deploys) {
                try {
                    deploy.get();
                    won++;
                } catch (ExecutionException e) {
                    assertThat(((WeirException) e.getCause()).code()).isEqualTo("job-name-taken");
                }
            }
            assertThat(won).isEqualTo(1);
        }
        await().atMost(SOON).until(() -> jobs.get("copy").label().equals("LIVE"));
        assertThat(runner.runs).hasSize(1);
        assertThat(index.state().bySha256()).hasSize(1);
    }

    @Test
    void anotherPlanOfTheSameClassNeedsAReplay() {
        deployAndRun("copy");
        Path changed = JobJars.in(jars)
                .source(
                        "shop.Copy",
                        "package shop; import io.weir.streams.dsl.*; public class Copy implements StreamJob {"
                                + " public record Order(String id, long cents) {}"
                                + " public void define(Flow f) {"
                                + " f.stream(\"orders\", Order.class).where(o -> o.cents() > 0).to(\"copies\"); } }")
                .build("changed.jar");

        assertThatThrownBy(() -> jobs.deploy(new DeployRequest("copy", "shop.Copy", Map.of(), "changed.jar", changed)))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("replay-needed"))
                .hasMessageContaining("version 2 is planned")
                .hasMessageContaining("POST /jobs/copy/versions/2/replay");
        assertThat(jobs.get("copy").job().versions())
                .extracting(version -> version.state().label())
                .containsExactly("LIVE", "PLANNED");
        refusal(() -> jobs.deployVersion("copy", 2, ANY), 409).hasMessageContaining("cannot take over the state");
        assertThat(runner.open()).hasSize(1);
    }

    @Test
    void anEqualPlanWithOtherSettingsTakesOverGroupAndState() {
        deployAndRun("copy");

        Job job = jobs.deploy(request("copy", Map.of("weir.job.threads", "2")));
        jobs.awaitEnd("copy", job.lastOperation(), SOON);

        await().atMost(SOON).until(() -> runner.open().size() == 1);
        assertThat(runner.open().getFirst().spec.applicationId()).isEqualTo("copy.v1");
        assertThat(runner.open().getFirst().spec.threads()).isEqualTo(2);
        assertThat(jobs.get("copy").job().live()).isEqualTo(2);
        assertThat(jobs.get("copy").job().versions()).hasSize(1);
    }

    @Test
    void aReplayedVersionRunsBesideTheLiveOneIntoOutputsOfItsOwnFromWhereItWasTold() {
        deployAndRun("copy");
        cluster.records.put("orders", 100L);
        addSecond();

        Job job = jobs.replay(
                "copy",
                2,
                new ReplayRequest(
                        new ReplayRequest.From.Offsets(Map.of("orders-0", 17L)), Map.of(), 5, Optional.empty()),
                Map.of(),
                ANY);

        await().atMost(SOON).until(() -> runner.open().size() == 2);
        FakeRunner.Run second = runner.open().getLast();
        assertThat(second.spec.applicationId()).isEqualTo("copy.v2");
        assertThat(second.spec.outputs()).isEqualTo(Map.of("copies", "copies.v2"));
        assertThat(second.spec.history().end()).isEqualTo(Map.of(new TopicPartition("orders", 0), 100L));
        assertThat(second.spec.history().rate()).isEqualTo(5);
        assertThat(cluster.groups).containsEntry("copy.v2", Map.of("orders-0", new Position(17, "")));
        await().atMost(SOON)
                .until(() -> jobs.get("copy").job().version(2).orElseThrow().state() instanceof JobState.Replaying);
        refusal(() -> jobs.retire("copy", 2, ANY), 409)
                .hasMessageContaining(job.lastOperation().id());
        assertThat(jobs.get("copy").label()).isEqualTo("LIVE");
    }

    @Test
    void aReplayFromWhatIsGoneOrWithATooWideDriftIsRefused() {
        deployAndRun("copy");
        addSecond();

        refusal(() -> jobs.replay("copy", 2, from(Map.of("order-0", 1L)), Map.of(), ANY), 422)
                .hasMessageContaining("none of its sources");
        refusal(() -> jobs.replay("copy", 2, from(Map.of("orders-0", 1L)), Map.of(), ANY), 422)
                .hasMessageContaining("behind its end 0, got 1");
        refusal(() -> jobs.replay("copy", 7, from(Map.of()), Map.of(), ANY), 404)
                .hasMessageContaining("only [1, 2]");
    }

    @Test
    void aRetiredVersionLeavesNothingBehindAndTheLiveOneGoesOn() throws IOException {
        deployAndRun("copy");
        addSecond();
        jobs.replay("copy", 2, from(Map.of()), Map.of(), ANY);
        await().atMost(SOON).until(() -> runner.open().size() == 2);
        String id = jobs.get("copy").job().lastOperation().id();
        await().atMost(SOON)
                .until(() -> jobs.get("copy").job().version(2).orElseThrow().state() instanceof JobState.Replaying);
        jobs.cancel("copy", id);
        await().atMost(SOON).until(() -> runner.open().size() == 1);
        cluster.with("copies").with("copies.v2").with("copy.v2-sum-changelog").with("copy.v1-sum-changelog");
        Files.createDirectories(data.resolve("state/copy.v2/0_0"));
        Removal preview = jobs.previewRetire("copy", 2);
        assertThat(preview.topics()).containsExactly("copies.v2", "copy.v2-sum-changelog");
        assertThat(preview.keptTopics()).containsExactly("copies");
        assertThat(preview.artifacts()).hasSize(1);

        OperationSeen retired =
                jobs.awaitEnd("copy", jobs.retire("copy", 2, ANY).lastOperation(), SOON);

        assertThat(retired.operation().state()).isEqualTo(Operation.Outcome.DONE);
        assertThat(retired.operation().result().path("topics").get(0).asText()).isEqualTo("copies.v2");
        assertThat(cluster.topics).containsOnlyKeys("orders", "copies", "copy.v1-sum-changelog");
        assertThat(cluster.groups).doesNotContainKey("copy.v2");
        assertThat(data.resolve("state/copy.v2")).doesNotExist();
        assertThat(index.state().bySha256()).hasSize(1);
        assertThat(jobs.get("copy").job().versions()).hasSize(1);
        assertThat(runner.open()).hasSize(1);
        refusal(() -> jobs.retire("copy", 1, ANY), 409).hasMessageContaining("is live");
    }

    /// A node that joins a version is given partitions while its runner still starts or restores.
    @Test
    void aVersionThatStillStartsHereStandsStillForAPromotionAndGoesOnIntoTheRealOutputs() {
        deployAndRun("copy");
        addSecond();
        jobs.replay("copy", 2, from(Map.of()), Map.of(), ANY);
        await().atMost(SOON).until(() -> runner.open().size() == 2);
        cluster.with("copies").with("copies.v2");
        runner.firstState = new RunState.Starting();
        JobRegistry registry = new JobRegistry(catalog);
        registry.change(
                "copy", ANY, job -> new JobEvent.Moved(clock.instant(), 2, new JobState.Shadow(clock.instant())));
        await().atMost(SOON)
                .until(() -> runner.open().size() == 2
                        && runner.open().getLast().spec.history() == null);
        FakeRunner.Run joining = runner.open().getLast();
        TopicPartition partition = new TopicPartition("orders", 0);
        MockConsumer<byte[], byte[]> log = new MockConsumer<>("earliest");
        ReplayConsumer consumer = new ReplayConsumer(log, joining.control, topic -> RecordTime.TIMESTAMP);
        joining.control.sources(List.of(partition), Set.of());
        consumer.assign(List.of(partition));
        log.updateBeginningOffsets(Map.of(partition, 0L));

        registry.change(
                "copy",
                ANY,
                job -> Transitions.cutOver(job, Operation.Kind.PROMOTE, 2, Map.of(), true, clock.instant()));

        await().atMost(SOON).until(() -> {
            consumer.poll(Duration.ZERO);
            return registry.known().jobs().get("copy").hold().seen().containsKey(2);
        });
        log.addRecord(new ConsumerRecord<>("orders", 0, 0, new byte[1], new byte[1]));
        assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        registry.note("copy", job -> Transitions.stood(job, 1, Map.of("orders-0", 0L), clock.instant()));
        await().atMost(SOON).until(() -> !consumer.poll(Duration.ZERO).isEmpty());
        assertThat(jobs.get("copy").job().live()).isEqualTo(2);
        assertThat(joining.outputs).isEmpty();
        assertThat(joining.state).isInstanceOf(RunState.Starting.class);
    }

    private static ReplayRequest from(Map<String, Long> offsets) {
        return new ReplayRequest(new ReplayRequest.From.Offsets(offsets), Map.of(), 0, Optional.empty());
    }

    private void addSecond() {
        Path changed = JobJars.in(jars)
                .source(
                        "shop.Copy",
                        "package shop; import io.weir.streams.dsl.*; public class Copy implements StreamJob {"
                                + " public record Order(String id, long cents) {}"
                                + " public void define(Flow f) {"
                                + " f.stream(\"orders\", Order.class).where(o -> o.cents() > 1).to(\"copies\"); } }")
                .build("second.jar");
        jobs.addVersion("copy", new DeployRequest(null, "shop.Copy", Map.of(), "second.jar", changed), ANY);
    }

    @Test
    void unknownAndOwnedSettingsAreRefused() {
        refusal(() -> jobs.deploy(request("copy", Map.of("weir.job.thread", "2"))), 422)
                .hasMessageContaining("Did you mean 'weir.job.threads'?");
        refusal(() -> jobs.deploy(request("copy", Map.of("application.id", "mine"))), 422)
                .hasMessageContaining("<job>.v<version>");
        refusal(() -> jobs.deploy(request("copy", Map.of("weir.job.threads", "0"))), 422)
                .hasMessageContaining("must be 1 to 64, got '0'");
        Job job = jobs.deploy(request("copy", Map.of("weir.job.threads", "5", "max.poll.records", "100")));
        jobs.awaitEnd("copy", job.lastOperation(), SOON);
        assertThat(runner.runs.getFirst().spec.threads()).isEqualTo(5);
        assertThat(runner.runs.getFirst().spec.clientProperties())
                .containsEntry("max.poll.records", "100")
                .containsEntry("bootstrap.servers", "log:9092")
                .doesNotContainKey("weir.job.threads");
    }

    @Test
    void aStoppedJobKeepsItsPositionsAndGoesOnFromThem() {
        deployAndRun("copy");
        Map<String, Position> positions = Map.of("orders-0", new Position(17, "AQ=="));
        cluster.groups.put("copy.v1", positions);
        cluster.busyGroups.add("copy.v1");

        Job stopping = jobs.stop("copy", ANY);
        await().atMost(SOON).until(() -> runner.open().isEmpty());
        assertThat(jobs.get("copy").label()).isEqualTo("STOPPING");
        refusal(() -> jobs.start("copy", ANY), 409).hasMessageContaining("op-2");
        cluster.busyGroups.clear();
        jobs.awaitEnd("copy", stopping.lastOperation(), SOON);
        assertThat(jobs.get("copy").label()).isEqualTo("STOPPED");

        cluster.groups.clear(); // the broker has forgotten the silent group
        Job starting = jobs.start("copy", ANY);
        jobs.awaitEnd("copy", starting.lastOperation(), SOON);
        assertThat(cluster.groups).containsEntry("copy.v1", positions);
        assertThat(runner.open()).hasSize(1);
    }

    @Test
    void aUsersFailureIsNotTriedAgain() {
        deployAndRun("copy");

        fail(Owner.USER);

        clock.move(Duration.ofHours(1));
        JobState.Failed failed = (JobState.Failed) jobs.get("copy").job().state();
        assertThat(failed.failure().operator()).isEqualTo("orders.map");
        assertThat(failed.failure().position()).isEqualTo("orders-0@17");
        assertThat(runner.open()).isEmpty();
        await().pollDelay(Duration.ofMillis(200)).atMost(SOON).until(() -> runner.runs.size() == 1);
    }

    @Test
    void aFailureOfOursIsTriedThreeTimes() {
        deployAndRun("copy");
        for (int attempt = 1; attempt <= 3; attempt++) {
            fail(Owner.INTERNAL);
            clock.move(Duration.ofMinutes(2));
            int runs = attempt + 1;
            await().atMost(SOON).until(() -> runner.runs.size() == runs);
            await().atMost(SOON).until(() -> jobs.get("copy").label().equals("LIVE"));
        }
        fail(Owner.INTERNAL);
        clock.move(Duration.ofHours(1));

        await().pollDelay(Duration.ofMillis(200)).atMost(SOON).until(() -> runner.runs.size() == 4);
        assertThat(jobs.get("copy").label()).isEqualTo("FAILED");
    }

    @Test
    void aFailureOfSomethingOutsideIsTriedAgainAfterItsPause() {
        deployAndRun("copy");

        fail(Owner.EXTERNAL);
        assertThat(runner.runs).hasSize(1);
        clock.move(Duration.ofSeconds(1));

        await().atMost(SOON).until(() -> jobs.get("copy").label().equals("LIVE"));
        assertThat(jobs.get("copy").job().liveVersion().restarts()).isEqualTo(1);
    }

    @Test
    void jobsResumeWhenAnotherNodeOpensTheRegistry() {
        deployAndRun("copy");
        deployAndRun("other");
        jobs.awaitEnd("other", jobs.stop("other", ANY).lastOperation(), SOON);
        node.close();
        assertThat(runner.open()).isEmpty();

        runner.firstState = new RunState.Restoring(7);
        node = open();
        jobs = node.jobs();

        await().atMost(SOON).until(() -> runner.open().size() == 1);
        assertThat(runner.open().getFirst().spec.job()).isEqualTo("copy");
        assertThat(jobs.get("copy").label()).isEqualTo("STARTING");
        runner.open().getFirst().state = new RunState.Running();
        await().atMost(SOON).until(() -> jobs.get("copy").label().equals("LIVE"));
    }

    @Test
    void aJobReplacedByAnotherNodeBetweenTwoLooksIsStartedAnew() {
        deployAndRun("copy");
        jobs.awaitEnd("copy", jobs.delete("copy", ANY).lastOperation(), SOON);
        clock.move(Duration.ofSeconds(1));
        deployAndRun("copy");
        assertThat(runner.runs).hasSize(2);

        catalog.append(catalog.log().getFirst());

        await().atMost(SOON).until(() -> runner.runs.size() == 3);
        assertThat(runner.open()).containsExactly(runner.runs.getLast());
    }

    @Test
    void aJobThatCannotBeLoadedAnyMoreFailsAlone() {
        deployAndRun("copy");
        node.close();
        index.compacted().stream()
                .filter(entry -> entry.key().endsWith("/manifest"))
                .forEach(entry -> index.append(io.weir.log.journal.Entry.deletion(entry.key())));
        node = open();
        jobs = node.jobs();

        await().atMost(SOON).until(() -> jobs.get("copy").label().equals("FAILED"));
        JobState.Failed failed = (JobState.Failed) jobs.get("copy").job().state();
        assertThat(failed.failure().cause()).contains("no such artifact");
    }

    @Test
    void deleteRemovesGroupInternalTopicsStateAndJarAndKeepsOutputs() throws IOException {
        deployAndRun("copy");
        cluster.with("copies")
                .with("copy.v1-sum-changelog")
                .with("copy.v1-keyBy-repartition")
                .with("copy.v1-not-ours")
                .with("copy.v10-sum-changelog")
                .with("copy.dlq");
        Files.createDirectories(data.resolve("state/copy.v1/0_0"));
        Files.writeString(data.resolve("state/copy.v1/0_0/.checkpoint"), "x");
        Removal preview = jobs.previewDelete("copy");
        assertThat(preview.keptTopics()).containsExactly("copies");

        OperationSeen deleted = jobs.awaitEnd("copy", jobs.delete("copy", ANY).lastOperation(), SOON);

        assertThat(deleted.operation().state()).isEqualTo(Operation.Outcome.DONE);
        assertThat(deleted.removal()).contains(preview);
        assertThat(cluster.topics).containsOnlyKeys("orders", "copies", "copy.v1-not-ours", "copy.v10-sum-changelog");
        assertThat(data.resolve("state/copy.v1")).doesNotExist();
        assertThat(catalog.state().jobs()).isEmpty();
        assertThat(index.state().bySha256()).isEmpty();
        assertThat(runner.open()).isEmpty();
        refusal(() -> jobs.get("copy"), 404);
    }

    @Test
    void deadLettersSurviveADelete() {
        deployAndRun("copy");
        cluster.with("copy.dlq");
        cluster.records.put("copy.dlq", 3L);

        jobs.awaitEnd("copy", jobs.delete("copy", ANY).lastOperation(), SOON);

        assertThat(cluster.topics).containsKey("copy.dlq");
    }

    @Test
    void aJarStaysWhileAnotherJobUsesIt() {
        deployAndRun("copy");
        deployAndRun("other");

        jobs.awaitEnd("copy", jobs.delete("copy", ANY).lastOperation(), SOON);

        assertThat(index.state().bySha256()).hasSize(1);
    }

    @Test
    void aDeleteThatTheLogRefusesFailsWithTheReasonAndCanBeRepeated() {
        deployAndRun("copy");
        cluster.refusing = true;
        Job deleting = jobs.delete("copy", ANY);
        OperationSeen failed = jobs.awaitEnd("copy", deleting.lastOperation(), SOON);
        assertThat(failed.operation().state()).isEqualTo(Operation.Outcome.FAILED);
        assertThat(failed.operation().problem()).contains("does not answer");

        cluster.refusing = false;
        jobs.awaitEnd("copy", jobs.delete("copy", ANY).lastOperation(), SOON);

        assertThat(catalog.state().jobs()).isEmpty();
    }

    @Test
    void aDeleteCutOffByACrashGoesOnAfterwards() {
        deployAndRun("copy");
        node.close();
        new JobRegistry(catalog).change("copy", ANY, job -> Transitions.delete(job, clock.instant()));

        node = open();

        await().atMost(SOON).until(() -> catalog.state().jobs().isEmpty());
    }

    @Test
    void stateOfAJobDeletedElsewhereIsRemovedAtTheNextStart() throws IOException {
        node.close();
        Files.createDirectories(data.resolve("state/gone.v1/0_0"));
        Files.createDirectories(data.resolve("state/not a job"));

        node = open();

        await().atMost(SOON).until(() -> !Files.exists(data.resolve("state/gone.v1")));
        assertThat(data.resolve("state/not a job")).exists();
    }

    @Test
    void aChangeBasedOnAnOldRevisionIsRefused() {
        deployAndRun("copy");

        refusal(() -> jobs.stop("copy", OptionalLong.of(1)), 412).hasMessageContaining("revision 2");
    }

    private void deployAndRun(String name) {
        Job job = jobs.deploy(request(name));
        jobs.awaitEnd(name, job.lastOperation(), SOON);
        assertThat(jobs.get(name).label()).isEqualTo("LIVE");
    }

    private void fail(Owner owner) {
        runner.open().getFirst().state = new RunState.Failed(owner, "orders.map", "orders-0@17", "no number");
        await().atMost(SOON).until(() -> jobs.get("copy").label().equals("FAILED"));
    }

    private static DeployRequest request(String name) {
        return request(name, Map.of());
    }

    private static DeployRequest request(String name, Map<String, String> config) {
        return new DeployRequest(name, "shop.Copy", config, "shop.jar", jar);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refusal(Runnable request, int status) {
        return assertThatThrownBy(request::run)
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    private JobsNode open() {
        JobsSettings settings = new JobsSettings(
                3,
                data.resolve("state"),
                data.resolve("artifacts"),
                Runtime.version().feature(),
                Duration.ofMillis(5),
                Duration.ofSeconds(5));
        ArtifactStore artifacts = new ArtifactStore(
                index,
                (artifact, sink) -> index.log().stream()
                        .filter(entry -> entry.key().startsWith(artifact.sha256())
                                && !entry.key().endsWith("/manifest")
                                && entry.value() != null)
                        .forEach(entry -> sink.accept(
                                Integer.parseInt(
                                        entry.key().substring(entry.key().indexOf('/') + 1)),
                                entry.value())),
                settings.artifactDirectory());
        LogConnection connection = new LogConnection("c", "log:9092", Map.of(), (short) 1);
        return JobsNode.assemble(
                new JobRegistry(catalog),
                artifacts,
                cluster,
                new NoResults(),
                (job, operation) -> new NoCorrections(),
                name -> new OurTurn(),
                new VersionStarter(connection, artifacts, runner, settings),
                settings,
                new ColdTopics(null, () -> Optional.of("no columns here")),
                clock,
                new ArrayDeque<>());
    }

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-20T08:00:00Z");

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /// Outputs without a row.
    private static final class NoResults implements ResultReader {
        @Override
        public void read(String topic, int partition, long from, long to, Consumer<ResultRow> sink) {}

        @Override
        public long firstReaching(String topic, int partition, long from, long to, RecordTime time, long millis) {
            return to;
        }

        @Override
        public void records(
                String topic, int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {}

        @Override
        public boolean holdsRecords(String topic, int partition, long from, long to) {
            return false;
        }
    }

    private static final class NoCorrections implements Corrections {
        @Override
        public void write(String topic, int partition, byte[] key, byte[] value, long timestampMillis) {
            throw new AssertionError("nothing differs");
        }

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }

    private static final class OurTurn implements Turns.Turn {
        @Override
        public boolean isMine() {
            return true;
        }

        @Override
        public void close() {}
    }
}
