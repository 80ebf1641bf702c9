package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.DelaysByHour.Airport;
import io.weir.examples.DelaysByHour.Delays;
import io.weir.examples.DelaysByHour.Flight;
import io.weir.streams.testing.Row;
import io.weir.streams.testing.StreamScenario;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelaysByHourTest {
    @Test
    void flightsAndMinutesAddUpPerAirportAndHourWithItsState() {
        try (StreamScenario scenario = StreamScenario.of(new DelaysByHour())) {
            scenario.at("1970-01-01T00:00:00Z")
                    .send("airports", "ATL", new Airport("ATL", "Hartsfield", "Atlanta", "GA"));
            fly(scenario, "2001-01-01T06:05:00Z", "ATL", 12);
            fly(scenario, "2001-01-01T06:55:00Z", "ATL", -3);
            fly(scenario, "2001-01-01T06:59:00Z", "XXX", 7);
            fly(scenario, "2001-01-01T07:00:00Z", "ATL", 1);
            scenario.closeWindows();

            List<Row<Delays>> rows = scenario.read("delays_by_hour", Delays.class);

            assertThat(rows)
                    .extracting(Row::row)
                    .containsExactly(new Delays(2, 9, "GA"), new Delays(1, 7, null), new Delays(1, 1, "GA"));
            assertThat(rows.getFirst().key())
                    .isEqualTo("{\"key\":\"ATL\",\"window_start\":\"2001-01-01T06:00:00Z\","
                            + "\"window_end\":\"2001-01-01T07:00:00Z\"}");
            assertThat(scenario.dlq()).isEmpty();
        }
    }

    @Test
    void aLineOfTheShippedFileIsAFlight() {
        try (StreamScenario scenario = StreamScenario.of(new DelaysByHour())) {
            scenario.at("2001-01-01T00:01:00Z")
                    .send(
                            "flights",
                            "LAS",
                            "{\"date\":\"2001-01-01T00:01:00Z\",\"delay\":33,\"distance\":2176,\"origin\":\"LAS\",\"destination\":\"PHL\"}")
                    .closeWindows();

            assertThat(scenario.read("delays_by_hour", Delays.class))
                    .extracting(Row::row)
                    .containsExactly(new Delays(1, 33, null));
        }
    }

    private static void fly(StreamScenario scenario, String at, String origin, int delayMinutes) {
        scenario.at(at).send("flights", origin, new Flight(Instant.parse(at), delayMinutes, 100, origin, "JFK"));
    }
}
