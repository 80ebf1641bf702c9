package io.weir.examples.lambda;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;

import io.weir.examples.DelaysByHour.Flight;
import io.weir.examples.DelaysByOrigin.Delays;
import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;
import java.time.Instant;

/// The speed layer: the same fold once more, over what the batch has not seen.
public final class SpeedDelays implements StreamJob {
    /// Where the batch ends; `batch.sql` has to say the same, and a new batch needs a new speed layer.
    static final Instant CUT = Instant.parse("2001-01-01T12:00:00Z");

    @Override
    public void define(Flow flow) {
        flow.stream("flights", Flight.class)
                .eventTime(Flight::date)
                .where(flight -> !flight.date().isBefore(CUT))
                .keyedBy(Flight::origin)
                .aggregate(Delays.class, count("flights"), sum(Flight::delay, "delayMinutes"))
                .toTable("delays_by_origin_speed");
    }
}
