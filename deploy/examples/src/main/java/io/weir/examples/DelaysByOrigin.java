package io.weir.examples;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;

import io.weir.examples.DelaysByHour.Flight;
import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;

/// How many flights have left each airport so far, and how many minutes late they were together.
public final class DelaysByOrigin implements StreamJob {
    /// One line of `delays_by_origin`.
    public record Delays(long flights, long delayMinutes) {}

    @Override
    public void define(Flow flow) {
        flow.stream("flights", Flight.class)
                .eventTime(Flight::date)
                .keyedBy(Flight::origin)
                .aggregate(Delays.class, count("flights"), sum(Flight::delay, "delayMinutes"))
                .toTable("delays_by_origin");
    }
}
