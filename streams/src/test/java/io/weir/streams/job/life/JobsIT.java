package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.job.RunSpec;
import io.weir.streams.job.Runner;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.topology.KafkaStreamsRunner;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs on a real broker, with jars packed here and records of 2001.
class JobsIT {
    private static final OptionalLong ANY = OptionalLong.empty();
    private static final Duration PATIENCE = JobsBroker.PATIENCE;

    @TempDir
    static Path folder;

    private static JobsBroker broker;

    private final List<WeakReference<ClassLoader>> loaders = new CopyOnWriteArrayList<>();
    private JobsNode node;
    private Jobs jobs;

    @BeforeAll
    static void startBroker() {
        broker = new JobsBroker(folder);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
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
    void aJobGivesTheSameResultsOverStopStartAndRestartOnTwentyFiveYearOldRecords() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "a");
        flights.create();
        List<Flight> all = Flight.random(6_000, 7);
        flights.produce(all.subList(0, 2_000));
        Job job = jobs.deploy(request(flights, "hours-a"));
        jobs.awaitEnd("hours-a", job.lastOperation(), PATIENCE);
        assertThat(jobs.get("hours-a").label()).isEqualTo("LIVE");
        awaitCaughtUp("hours-a");

        jobs.awaitEnd("hours-a", jobs.stop("hours-a", ANY).lastOperation(), PATIENCE);
        assertThat(jobs.get("hours-a").label()).isEqualTo("STOPPED");
        JobState.Stopped stopped = (JobState.Stopped) jobs.get("hours-a").job().state();
        assertThat(stopped.positions()).containsKeys("a-flights-0", "a-flights-1");
        flights.produce(all.subList(2_000, 4_000));
        assertThat(jobs.get("hours-a").lagBySource().get("a-flights")).isGreaterThanOrEqualTo(2_000);
        jobs.awaitEnd("hours-a", jobs.start("hours-a", ANY).lastOperation(), PATIENCE);
        awaitCaughtUp("hours-a");

        node.close();
        flights.produce(all.subList(4_000, 6_000));
        flights.closeAllWindows();
        node = open();
        jobs = node.jobs();

        assertThat(flights.results(Flight.rowsPerHour(all).size())).isEqualTo(Flight.rowsPerHour(all));
        await().atMost(PATIENCE).until(() -> jobs.get("hours-a").label().equals("LIVE"));
        assertThat(jobs.get("hours-a").job().operations())
                .extracting(Operation::kind)
                .containsExactly(Operation.Kind.DEPLOY, Operation.Kind.STOP, Operation.Kind.START);
    }

    @Test
    void aGroupForgottenByTheBrokerGoesOnWhereItWasStopped() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "b");
        flights.create();
        List<Flight> all = Flight.random(2_000, 8);
        flights.produce(all.subList(0, 1_000));
        jobs.awaitEnd("hours-b", jobs.deploy(request(flights, "hours-b")).lastOperation(), PATIENCE);
        awaitCaughtUp("hours-b");
        jobs.awaitEnd("hours-b", jobs.stop("hours-b", ANY).lastOperation(), PATIENCE);

        broker.admin().deleteConsumerGroups(List.of("hours-b.v1")).all().get();
        flights.produce(all.subList(1_000, 2_000));
        flights.closeAllWindows();
        jobs.awaitEnd("hours-b", jobs.start("hours-b", ANY).lastOperation(), PATIENCE);

        assertThat(flights.results(Flight.rowsPerHour(all).size())).isEqualTo(Flight.rowsPerHour(all));
    }

    @Test
    void deleteLeavesNoTopicGroupFolderOrLoader() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "c");
        flights.create();
        List<Flight> all = Flight.random(1_000, 9);
        flights.produce(all);
        flights.closeAllWindows();
        jobs.awaitEnd("hours-c", jobs.deploy(request(flights, "hours-c")).lastOperation(), PATIENCE);
        flights.results(Flight.rowsPerHour(all).size());
        assertThat(topicsOf("hours-c")).anyMatch(topic -> topic.endsWith("-changelog"));
        assertThat(folder.resolve("jobs/state/hours-c.v1")).isDirectory();

        OperationSeen deleted =
                jobs.awaitEnd("hours-c", jobs.delete("hours-c", ANY).lastOperation(), PATIENCE);

        assertThat(deleted.operation().state()).isEqualTo(Operation.Outcome.DONE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topicsOf("hours-c")).isEmpty());
        assertThat(broker.admin().listTopics().names().get()).contains("c-per-hour");
        assertThat(broker.admin().listGroups().all().get())
                .noneMatch(group -> group.groupId().startsWith("hours-c"));
        assertThat(folder.resolve("jobs/state/hours-c.v1")).doesNotExist();
        try (Stream<Path> jars = Files.list(folder.resolve("jobs/artifacts"))) {
            String sha256 = deleted.removal().orElseThrow().artifacts().getFirst();
            assertThat(jars).noneMatch(jar -> jar.getFileName().toString().startsWith(sha256));
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            System.gc();
            assertThat(loaders).isNotEmpty().allMatch(loader -> loader.get() == null);
        });
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().contains("hours-c")));
    }

    @Test
    void aJobThatFailsSaysWhyAndLeavesTheOthersAlone() throws Exception {
        FlightTopics healthy = new FlightTopics(broker, "d");
        healthy.create();
        jobs.awaitEnd("hours-d", jobs.deploy(request(healthy, "hours-d")).lastOperation(), PATIENCE);
        FlightTopics uneven = new FlightTopics(broker, "e");
        uneven.create(FlightTopics.PARTITIONS + 1);

        jobs.deploy(request(uneven, "hours-e"));
        await().atMost(PATIENCE).until(() -> jobs.get("hours-e").label().equals("FAILED"));

        JobState.Failed failed = (JobState.Failed) jobs.get("hours-e").job().state();
        assertThat(failed.failure().cause()).contains("e-airports").contains("partitions");
        List<Flight> all = Flight.random(500, 10);
        healthy.produce(all);
        healthy.closeAllWindows();
        assertThat(healthy.results(Flight.rowsPerHour(all).size())).isEqualTo(Flight.rowsPerHour(all));
        assertThat(jobs.get("hours-d").label()).isEqualTo("LIVE");
    }

    private JobsNode open() {
        return broker.open("jobs", Duration.ofMillis(100), new Watched(new KafkaStreamsRunner(Clock.systemUTC())));
    }

    private static DeployRequest request(FlightTopics topics, String job) {
        return new PerHourJob(topics, "keyedBy", "10m").request(job, PerHourJob.ALL_MINUTES, "1");
    }

    private void awaitCaughtUp(String job) {
        await().atMost(PATIENCE).until(() -> {
            Map<String, Long> lag = jobs.get(job).lagBySource();
            return lag.size() == 2 && lag.values().stream().allMatch(records -> records == 0);
        });
    }

    private static List<String> topicsOf(String job) throws Exception {
        return broker.admin().listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(job))
                .toList();
    }

    /// Remembers the class loaders of the jobs that it starts, without holding them.
    private final class Watched implements Runner {
        private final Runner runner;

        Watched(Runner runner) {
            this.runner = runner;
        }

        @Override
        public RunningVersion start(RunSpec spec) {
            loaders.add(new WeakReference<>(spec.classes()));
            return runner.start(spec);
        }
    }
}
