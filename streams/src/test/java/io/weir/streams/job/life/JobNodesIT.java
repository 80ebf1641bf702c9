package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Versions of a job on nodes that come and go.
class JobNodesIT extends VersionsOnABroker {
    @Test
    void aReplayGoesOnAfterTheNodeWasOpenedAgainAndEndsWithTheSameFinals() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "c");
        PerHourJob job = new PerHourJob(flights, "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(6_000, 9);
        flights.produce(all);
        flights.closeAllWindows();
        deploy(job, "hours-c");
        int second = add(job, "hours-c");
        jobs.replay(
                "hours-c",
                second,
                new ReplayRequest(new ReplayRequest.From.Beginning(), Map.of(), 1_500, Optional.empty()),
                Map.of(),
                ANY);
        await().atMost(PATIENCE).until(() -> done("hours-c", second) > 1_000);

        node.close();
        node = open("jobs");
        jobs = node.jobs();
        String operation = jobs.get("hours-c").job().lastOperation().id();
        await().atMost(PATIENCE).until(() -> done("hours-c", second) > 1_000);
        assertThat(done("hours-c", second)).isLessThan(6_000);
        jobs.tune("hours-c", operation, OptionalLong.of(0), Optional.empty());

        awaitState("hours-c", second, "SHADOW");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("c-per-hour.v2")).isEqualTo(Flight.perHour(all, true)));
        assertThat(flights.rows("c-per-hour.v2"))
                .as("each final once")
                .hasSize(Flight.perHour(all, true).size());
        assertThat(jobs.operation("hours-c", operation).operation().state()).isEqualTo(Operation.Outcome.DONE);
    }

    @Test
    void twoNodesShareTheLiveVersionOneReplaysAndTheOtherGoesOnWhenItDies() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "e");
        PerHourJob job = new PerHourJob(flights, "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(6_000, 11);
        flights.produce(all);
        flights.closeAllWindows();
        try (JobsNode other = open("other")) {
            deploy(job, "hours-e");
            int second = add(job, "hours-e");
            jobs.replay(
                    "hours-e",
                    second,
                    new ReplayRequest(new ReplayRequest.From.Beginning(), Map.of(), 1_500, Optional.empty()),
                    Map.of(),
                    ANY);
            await().atMost(PATIENCE)
                    .until(() -> done(jobs, "hours-e", second) + done(other.jobs(), "hours-e", second) > 1_000);
            boolean here = jobs.get("hours-e").runs().containsKey(second);
            assertThat(other.jobs().get("hours-e").runs().containsKey(second)).isNotEqualTo(here);

            JobsNode dying = here ? node : other;
            dying.close();
            Jobs left = here ? other.jobs() : jobs;
            left.tune("hours-e", left.get("hours-e").job().lastOperation().id(), OptionalLong.of(0), Optional.empty());

            await().atMost(PATIENCE)
                    .until(() -> left.get("hours-e")
                            .job()
                            .version(second)
                            .orElseThrow()
                            .state()
                            .label()
                            .equals("SHADOW"));
            Map<String, Long> expected = Flight.perHour(all, true);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(flights.newest("e-per-hour.v2")).isEqualTo(expected));
            Operation promoted = left.awaitEnd(
                            "hours-e",
                            left.promote("hours-e", second, Map.of("gate", "none"), ANY)
                                    .lastOperation(),
                            PATIENCE)
                    .operation();
            assertThat(promoted.problem()).isEmpty();
            assertThat(flights.newest("e-per-hour")).isEqualTo(expected);
        }
    }

    @Test
    void twoNodesStandStillTogetherForAPromotion() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "f");
        PerHourJob job = new PerHourJob(flights, "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(4_000, 12);
        flights.produce(all.subList(0, 2_000));
        try (JobsNode other = open("third")) {
            deploy(job, "hours-f");
            int second = replay(job, "hours-f");
            await().atMost(PATIENCE)
                    .until(() -> other.jobs().get("hours-f").runs().size() == 2);
            awaitNoLag("hours-f", 1);

            Job promoting = jobs.promote("hours-f", second, Map.of("gate", "none"), ANY);
            flights.produce(all.subList(2_000, 4_000));
            Operation promoted = end("hours-f", promoting);
            flights.closeAllWindows();

            assertThat(promoted.problem()).isEmpty();
            Map<String, Long> expected = Flight.perHour(all, true);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(flights.newest("f-per-hour")).isEqualTo(expected));
            Map<String, Long> old = Flight.perHour(all, false);
            end("hours-f", jobs.rollback("hours-f", Map.of(), ANY));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(flights.newest("f-per-hour")).isEqualTo(old));
        }
    }
}
