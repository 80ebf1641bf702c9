package io.weir.examples;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;

import io.weir.examples.DelaysByHour.Airport;
import io.weir.examples.DelaysByHour.Delays;
import io.weir.examples.DelaysByHour.Flight;
import io.weir.examples.DelaysByHour.Hour;
import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;

/// The next version of [DelaysByHour], by the official rule: a flight is late from 15 minutes on, and only the
/// minutes of late flights count. There, every minute counts, and early departures cancel delay out.
public final class OfficialDelaysByHour implements StreamJob {
    private static final int LATE_FROM_MINUTES = 15;

    @Override
    public void define(Flow flow) {
        Table<String, Airport> airports = flow.table("airports", Airport.class);
        flow.stream("flights", Flight.class)
                .eventTime(Flight::date)
                .keyedBy(Flight::origin)
                .window(tumbling("1h").grace("10m"))
                .aggregate(Hour.class, count("flights"), sum(OfficialDelaysByHour::lateMinutes, "delayMinutes"))
                .leftJoin(
                        airports,
                        (origin, hour, airport) -> new Delays(
                                hour.flights(), hour.delayMinutes(), airport == null ? null : airport.state()))
                .to("delays_by_hour");
    }

    private static int lateMinutes(Flight flight) {
        return flight.delay() >= LATE_FROM_MINUTES ? flight.delay() : 0;
    }
}
