package io.weir.streams.job.life;

import io.weir.streams.job.JobJars;
import java.nio.file.Path;
import java.util.Map;

/// A job that adds up delays per origin and hour, packed with the rule that a test wants.
///
/// @param keying how it keys its flights: `keyedBy` or `keyBy`
record PerHourJob(FlightTopics topics, String keying, String grace) {
    /// Every minute counts, and early departures cancel delay out.
    static final String ALL_MINUTES = "flight -> flight.delay()";

    /// Only flights that are late by the official rule count.
    static final String LATE_MINUTES = "flight -> flight.delay() >= 15 ? flight.delay() : 0L";

    /// @param minutes what a flight adds
    /// @param version told in the jar's name
    DeployRequest request(String job, String minutes, String version) {
        String prefix = topics.prefix();
        Path jar = JobJars.in(topics.broker().folder())
                .source(
                        "shop.PerHour",
                        SOURCE.replace("PREFIX", prefix)
                                .replace("MINUTES", minutes)
                                .replace("KEYBY", keying)
                                .replace("GRACE", grace))
                .build(prefix + version + ".jar");
        return new DeployRequest(job, "shop.PerHour", Map.of(), prefix + ".jar", jar);
    }

    private static final String SOURCE = """
            package shop;

            import io.weir.streams.dsl.*;

            public class PerHour implements StreamJob {
                public record Flight(String origin, long delay) {}
                public record Airport(String state) {}
                public record Sum(long flights, long minutes) {}
                public record Line(long flights, long minutes, String state) {}

                public void define(Flow flow) {
                    Table<String, Airport> airports = flow.table("PREFIX-airports", Airport.class);
                    flow.stream("PREFIX-flights", Flight.class)
                            .KEYBY(Flight::origin)
                            .window(Window.tumbling("1h").grace("GRACE"))
                            .aggregate(Sum.class, Aggregate.count("flights"),
                                    Aggregate.<Flight>sum(MINUTES, "minutes"))
                            .join(airports, (origin, sum, airport) ->
                                    new Line(sum.flights(), sum.minutes(), airport.state()))
                            .to("PREFIX-per-hour");
                }
            }
            """;
}
