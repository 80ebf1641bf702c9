package io.weir.examples;

import static io.weir.streams.dsl.Aggregate.collect;
import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.countIf;
import static io.weir.streams.dsl.Aggregate.max;
import static io.weir.streams.dsl.Window.session;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sessions: earthquakes that one network of stations has seen without a pause of an hour are a swarm.
/// Reads the GeoJSON features of `deploy/examples/data/earthquakes-2018.ndjson.gz` as they are.
public final class QuakeSwarms implements StreamJob {
    /// One feature, as it stands in topic `earthquakes`; what is not named here is skipped.
    public record Feature(String id, Properties properties) {}

    /// The part of a feature that matters here.
    public record Properties(@Nullable Double mag, String place, long time, String net) {}

    /// One earthquake.
    public record Quake(String network, @Nullable Double magnitude, String place, boolean strong) {}

    /// One line of `quake_swarms`.
    public record Swarm(long quakes, long strong, @Nullable Double strongest, List<String> firstPlaces) {}

    @Override
    public void define(Flow flow) {
        flow.stream("earthquakes", Feature.class)
                .eventTime(feature -> Instant.ofEpochMilli(feature.properties().time()))
                .map(QuakeSwarms::quake)
                .explain("only what the swarms are made of")
                .keyBy(Quake::network)
                .window(session("1h").grace("10m").late("earthquakes_late"))
                .aggregate(
                        Swarm.class,
                        count("quakes"),
                        countIf(Quake::strong, "strong"),
                        max(Quake::magnitude, "strongest"),
                        collect(3, Quake::place, "firstPlaces"))
                .where(Swarm::quakes)
                .gt(1L)
                .toTable("quake_swarms");
    }

    static Quake quake(Feature feature) {
        Double magnitude = feature.properties().mag();
        return new Quake(
                feature.properties().net(),
                magnitude,
                feature.properties().place(),
                magnitude != null && magnitude >= 4.5);
    }
}
