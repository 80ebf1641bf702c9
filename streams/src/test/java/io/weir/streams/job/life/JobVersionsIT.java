package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Two versions of a job on a real broker, on records of 2001: replayed, compared, promoted, rolled back,
/// retired.
class JobVersionsIT extends VersionsOnABroker {
    @Test
    void aNewRuleIsReplayedComparedPromotedRolledBackAndRetired() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "a");
        PerHourJob job = new PerHourJob(flights, "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(6_000, 7);
        List<Flight> history = all.subList(0, 4_000);
        flights.produce(history);
        deploy(job, "hours-a");
        awaitNoLag("hours-a", 1);

        int second = replay(job, "hours-a");
        assertThat(jobs.get("hours-a").job().liveVersion().number()).isEqualTo(1);

        // compared: they differ exactly where the rules do
        Operation compared = compare("hours-a", Map.of());
        Map<String, Long> closed1 = flights.closed(history, false);
        Map<String, Long> closed2 = flights.closed(history, true);
        long differing = closed1.keySet().stream()
                .filter(key -> !closed1.get(key).equals(closed2.get(key)))
                .count();
        JsonNode output = compared.result().path("outputs").path(0);
        assertThat(compared.result().path("verdict").asText()).isEqualTo("differs");
        assertThat(output.path("left").path("rows").asLong()).isEqualTo(closed1.size());
        assertThat(output.path("right").path("rows").asLong()).isEqualTo(closed2.size());
        assertThat(output.path("changed").asLong()).isEqualTo(differing).isPositive();
        assertThat(output.path("missing").asLong() + output.path("extra").asLong())
                .isZero();
        assertThat(output.path("first").path(0).path("left").path("minutes").asLong())
                .isNotEqualTo(output.path("first")
                        .path(0)
                        .path("right")
                        .path("minutes")
                        .asLong());

        // what compare refused cannot be promoted
        assertThatThrownBy(() -> jobs.promote("hours-a", second, Map.of(), ANY))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("job-gate"))
                .hasMessageContaining(differing + " rows outside the expectation");
        Operation expected = compare("hours-a", Map.of("expect", "flights >= 1"));
        assertThat(expected.result().path("verdict").asText()).isEqualTo("differs-as-expected");
        assertThat(flights.newest("a-per-hour")).isEqualTo(closed1);

        // promoted: readers of the real topic see the new rule for all of history
        Operation promoted = end("hours-a", jobs.promote("hours-a", second, Map.of(), ANY));
        assertThat(promoted.problem()).isEmpty();
        assertThat(promoted.result().path("corrections").asLong()).isEqualTo(differing);
        assertThat(jobs.get("hours-a").job().live()).isEqualTo(second);
        assertThat(jobs.get("hours-a").job().warm()).isEqualTo(1);
        assertThat(flights.newest("a-per-hour")).isEqualTo(closed2);

        // both go on
        flights.produce(all.subList(4_000, 6_000));
        flights.closeAllWindows();
        Map<String, Long> all1 = Flight.perHour(all, false);
        Map<String, Long> all2 = Flight.perHour(all, true);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("a-per-hour")).isEqualTo(all2));
        awaitNoLag("hours-a", 1);
        awaitNoLag("hours-a", second);

        // rolled back: the old rule for all keys, also for those that came meanwhile
        Operation rolledBack = end("hours-a", jobs.rollback("hours-a", Map.of("reason", "disputed"), ANY));
        assertThat(rolledBack.problem()).isEmpty();
        assertThat(flights.newest("a-per-hour")).isEqualTo(all1);
        assertThat(jobs.get("hours-a").job().live()).isEqualTo(1);

        // retired: nothing is left of the second version
        Operation retired = end("hours-a", jobs.retire("hours-a", second, ANY));
        assertThat(retired.state()).isEqualTo(Operation.Outcome.DONE);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(broker.admin().listTopics().names().get())
                                .contains("a-per-hour", "a-per-hour.v1")
                                .noneMatch(topic -> topic.startsWith("hours-a.v2") || topic.equals("a-per-hour.v2")));
        assertThat(broker.admin().listGroups().all().get())
                .noneMatch(group -> group.groupId().equals("hours-a.v2"));
        assertThat(folder.resolve("jobs/state/hours-a.v2")).doesNotExist();
        assertThat(flights.newest("a-per-hour")).isEqualTo(all1);
    }

    @Test
    void aRekeyedJobIsPromotedBehindItsRepartitionTopicWhileFlightsArrive() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "b");
        PerHourJob job = new PerHourJob(flights, "keyBy", "5d");
        flights.create();
        List<Flight> all = Flight.random(4_000, 8);
        flights.produce(all.subList(0, 2_000));
        deploy(job, "hours-b");
        int second = replay(job, "hours-b");

        Job promoting = jobs.promote("hours-b", second, Map.of("gate", "none"), ANY);
        flights.produce(all.subList(2_000, 4_000));
        Operation promoted = end("hours-b", promoting);
        flights.closeAllWindows();

        assertThat(promoted.problem()).isEmpty();
        Map<String, Long> expected = Flight.perHour(all, true);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("b-per-hour")).isEqualTo(expected));
        Map<String, Long> old = Flight.perHour(all, false);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("b-per-hour.v1")).isEqualTo(old));
    }

    /// Prints how long outputs pause and with what; what it takes depends on the machine.
    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void tenThousandCorrectionsAreWrittenInOnePause() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "p");
        PerHourJob job = new PerHourJob(flights, "keyedBy", "10m");
        flights.create();
        List<Flight> many = new ArrayList<>();
        for (int hour = 0; hour < 51; hour++) {
            for (int origin = 0; origin < 200; origin++) {
                many.add(new Flight("P" + origin, Flight.JANUARY_2001.plus(Duration.ofHours(hour)), 5));
            }
        }
        for (int origin = 0; origin < 200; origin++) {
            flights.put("p-airports", FlightTopics.partition("P" + origin), "P" + origin, "{\"state\":\"x\"}");
        }
        flights.produce(many);
        flights.closeAllWindows();
        deploy(job, "hours-p");
        int second = replay(job, "hours-p");

        for (int i = 0; i < 3; i++) {
            Operation promoted = end(
                    "hours-p",
                    i == 0
                            ? jobs.promote("hours-p", second, Map.of("gate", "none"), ANY)
                            : jobs.rollback("hours-p", Map.of(), ANY));
            assertThat(promoted.problem()).isEmpty();
            assertThat(promoted.result().path("corrections").asLong()).isEqualTo(10_200);
            System.out.println(promoted.result());
            jobs.get("hours-p").job().events().stream()
                    .filter(event -> !event.at().isBefore(promoted.started()))
                    .forEach(event -> System.out.println(
                            Duration.between(promoted.started(), event.at()).toMillis() + " ms " + event.event()));
        }
        assertThat(flights.newest("p-per-hour").values()).containsOnly(0L);
    }

    @Test
    void aPromotionThatTakesTooLongChangesNothing() throws Exception {
        FlightTopics flights = new FlightTopics(broker, "d");
        PerHourJob job = new PerHourJob(flights, "keyedBy", "10m");
        flights.create();
        flights.produce(Flight.random(1_000, 10));
        deploy(job, "hours-d");
        int second = replay(job, "hours-d");

        Operation promoted =
                end("hours-d", jobs.promote("hours-d", second, Map.of("gate", "none", "maxPause", "PT0S"), ANY));

        assertThat(promoted.state()).isEqualTo(Operation.Outcome.FAILED);
        assertThat(promoted.problem()).startsWith("barrier-timeout: ").contains("Version 1 goes on");
        flights.closeAllWindows();
        Map<String, Long> expected = Flight.perHour(Flight.random(1_000, 10), false);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("d-per-hour")).isEqualTo(expected));
        assertThat(jobs.get("hours-d").job().live()).isEqualTo(1);
    }
}
