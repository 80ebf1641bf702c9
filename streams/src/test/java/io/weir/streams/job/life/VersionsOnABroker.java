package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.job.RunState;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.topology.KafkaStreamsRunner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What tests of a job's versions share: a broker per class, a node per test, and the steps of a version's life.
abstract class VersionsOnABroker {
    static final OptionalLong ANY = OptionalLong.empty();
    static final Duration PATIENCE = JobsBroker.PATIENCE;

    @TempDir
    static Path folder;

    static JobsBroker broker;

    JobsNode node;
    Jobs jobs;

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
        node = open("jobs");
        jobs = node.jobs();
    }

    @AfterEach
    void closeNode() {
        node.close();
    }

    static JobsNode open(String name) {
        return broker.open(name, Duration.ofMillis(50), new KafkaStreamsRunner(Clock.systemUTC()));
    }

    void deploy(PerHourJob flights, String job) {
        Job deployed = jobs.deploy(flights.request(job, PerHourJob.ALL_MINUTES, "1"));
        jobs.awaitEnd(job, deployed.lastOperation(), PATIENCE);
        assertThat(jobs.get(job).label()).isEqualTo("LIVE");
    }

    int add(PerHourJob flights, String job) {
        return jobs.addVersion(job, flights.request(job, PerHourJob.LATE_MINUTES, "2"), ANY)
                .versions()
                .getLast()
                .number();
    }

    int replay(PerHourJob flights, String job) {
        int second = add(flights, job);
        jobs.replay(
                job,
                second,
                new ReplayRequest(new ReplayRequest.From.Beginning(), Map.of(), 0, Optional.empty()),
                Map.of(),
                ANY);
        awaitState(job, second, "SHADOW");
        await().atMost(PATIENCE)
                .until(() -> jobs.get(job).runs().containsKey(second)
                        && jobs.get(job).runs().get(second).state() instanceof RunState.Running);
        awaitNoLag(job, second);
        return second;
    }

    Operation compare(String job, Map<String, String> request) {
        return end(job, jobs.compare(job, null, null, request, ANY));
    }

    Operation end(String job, Job with) {
        return jobs.awaitEnd(job, with.lastOperation(), PATIENCE).operation();
    }

    long done(String job, int version) {
        return done(jobs, job, version);
    }

    static long done(Jobs jobs, String job, int version) {
        LocalRun run = jobs.get(job).runs().get(version);
        return run == null ? 0 : run.replay().done();
    }

    void awaitState(String job, int version, String label) {
        await().atMost(PATIENCE).until(() -> {
            JobVersion found = jobs.get(job).job().version(version).orElseThrow();
            assertThat(found.state().label()).as(String.valueOf(found.state())).isNotEqualTo("FAILED");
            return found.state().label().equals(label);
        });
    }

    void awaitNoLag(String job, int version) {
        await().atMost(PATIENCE).until(() -> {
            Map<String, Long> lag = jobs.lag(jobs.get(job).job(), version);
            return lag.size() == 2 && lag.values().stream().allMatch(records -> records == 0);
        });
    }
}
