package org.example.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.dsl.Plan;
import io.weir.streams.testing.Row;
import io.weir.streams.testing.StreamScenario;
import org.junit.jupiter.api.Test;

class FlightsByRouteTest {
    @Test
    void flightsAreCountedByRouteAndABadOneIsADeadLetter() {
        try (StreamScenario scenario = StreamScenario.of(new FlightsByRoute())) {
            scenario.send("flights", "LAS", flight("LAS", "PHL"))
                    .send("flights", "ATL", flight("ATL", "SAV"))
                    .send("flights", "LAS", flight("LAS", "PHL"))
                    .send("flights", "LAS", "{}");

            assertThat(scenario.read("flights_by_route", String.class))
                    .extracting(row -> row.key() + row.value())
                    .containsExactly("LAS-PHL{\"flights\":1}", "ATL-SAV{\"flights\":1}", "LAS-PHL{\"flights\":2}");
            assertThat(scenario.dlq()).extracting(Row::value).containsExactly("{}");
        }
    }

    @Test
    void itsPlanNamesItsTopics() {
        Plan plan = Plan.of("routes", new FlightsByRoute());

        assertThat(plan.sources()).containsExactly("flights");
        assertThat(plan.sinks()).containsExactly("flights_by_route");
    }

    private static String flight(String origin, String destination) {
        return "{\"date\":\"2001-01-01T00:01:00Z\",\"delay\":33,\"distance\":2176,\"origin\":\"" + origin
                + "\",\"destination\":\"" + destination + "\"}";
    }
}
