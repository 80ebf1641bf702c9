package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.DelaysByHour.Delays;
import io.weir.examples.DelaysByHour.Flight;
import io.weir.streams.testing.Row;
import io.weir.streams.testing.StreamScenario;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OfficialDelaysByHourTest {
    @Test
    void onlyMinutesOfFlightsThatAreLateByTheOfficialRuleCount() {
        try (StreamScenario scenario = StreamScenario.of(new OfficialDelaysByHour())) {
            fly(scenario, "2001-01-01T06:05:00Z", 14);
            fly(scenario, "2001-01-01T06:06:00Z", 15);
            fly(scenario, "2001-01-01T06:07:00Z", -30);
            fly(scenario, "2001-01-01T06:08:00Z", 20);
            scenario.closeWindows();

            assertThat(scenario.read("delays_by_hour", Delays.class))
                    .extracting(Row::row)
                    .containsExactly(new Delays(4, 35, null));
        }
    }

    private static void fly(StreamScenario scenario, String at, int delayMinutes) {
        scenario.at(at).send("flights", "ATL", new Flight(Instant.parse(at), delayMinutes, 100, "ATL", "JFK"));
    }
}
