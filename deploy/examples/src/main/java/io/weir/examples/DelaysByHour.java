package io.weir.examples;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How many flights left each airport in each hour, how many minutes they were late together (early
/// departures count negative), and in which state that airport lies.
public final class DelaysByHour implements StreamJob {
    /// One flight, as it stands in topic `flights`, keyed by its origin.
    public record Flight(Instant date, int delay, int distance, String origin, String destination) {}

    /// One airport, as it stands in topic `airports`, keyed by its code.
    public record Airport(String iata, String name, String city, String state) {}

    /// What an hour at an airport adds up to.
    public record Hour(long flights, long delayMinutes) {}

    /// One line of `delays_by_hour`; the state is null where the airport is unknown.
    public record Delays(
            long flights, long delayMinutes, @Nullable String state) {}

    @Override
    public void define(Flow flow) {
        Table<String, Airport> airports = flow.table("airports", Airport.class);
        flow.stream("flights", Flight.class)
                .eventTime(Flight::date)
                .keyedBy(Flight::origin)
                .window(tumbling("1h").grace("10m"))
                .aggregate(Hour.class, count("flights"), sum(Flight::delay, "delayMinutes"))
                .leftJoin(
                        airports,
                        (origin, hour, airport) -> new Delays(
                                hour.flights(), hour.delayMinutes(), airport == null ? null : airport.state()))
                .to("delays_by_hour");
    }
}
