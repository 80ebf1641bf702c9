package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.DelaysByHour.Flight;
import io.weir.examples.DelaysByOrigin.Delays;
import io.weir.examples.lambda.ServedDelays;
import io.weir.examples.lambda.SpeedDelays;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.testing.StreamScenario;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DelaysByOriginTest {
    private static final List<Flight> FLIGHTS = List.of(
            new Flight(Instant.parse("2001-01-01T11:00:00Z"), 20, 100, "ORD", "LAX"),
            new Flight(Instant.parse("2001-01-01T11:59:59Z"), -5, 100, "ATL", "LAX"),
            new Flight(Instant.parse("2001-01-01T12:00:00Z"), 7, 100, "ORD", "LAX"),
            new Flight(Instant.parse("2001-01-01T13:00:00Z"), 1, 100, "DFW", "LAX"));

    @Test
    void eachAirportAddsUp() {
        assertThat(newest(new DelaysByOrigin(), "delays_by_origin"))
                .isEqualTo(Map.of("ORD", new Delays(2, 27), "ATL", new Delays(1, -5), "DFW", new Delays(1, 1)));
    }

    @Test
    void theLambdaWaysPartsAddUpToTheSame() {
        Map<String, Delays> batch = Map.of("ORD", new Delays(1, 20), "ATL", new Delays(1, -5));

        assertThat(ServedDelays.merge(batch, newest(new SpeedDelays(), "delays_by_origin_speed")))
                .isEqualTo(newest(new DelaysByOrigin(), "delays_by_origin"));
    }

    private static Map<String, Delays> newest(StreamJob job, String output) {
        Map<String, Delays> rows = new TreeMap<>();
        try (StreamScenario scenario = StreamScenario.of(job)) {
            FLIGHTS.forEach(flight -> scenario.at(flight.date()).send("flights", flight.origin(), flight));
            scenario.read(output, Delays.class).forEach(row -> rows.put(String.valueOf(row.key()), row.row()));
        }
        return rows;
    }
}
