package org.example.routes;

import io.weir.streams.topology.JobContext;
import io.weir.streams.topology.KafkaStreamsJob;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/// A job in Kafka Streams itself: how many flights there were from one airport to another. It is planned,
/// deployed and replayed like any other; the only thing it does otherwise than in a program of its own is to
/// ask where its output goes.
public final class FlightsByRoute implements KafkaStreamsJob {
    @Override
    public void define(StreamsBuilder builder, JobContext context) {
        Serde<String> text = Serdes.String();
        builder.stream("flights", Consumed.with(text, text).withName("flights"))
                .groupBy((key, flight) -> route(flight), Grouped.with("by-route", text, text))
                .count(Named.as("count"), Materialized.as("routes"))
                .toStream(Named.as("changes"))
                .mapValues(flights -> "{\"flights\":" + flights + "}", Named.as("rows"))
                .to(
                        context.output("flights_by_route"),
                        Produced.with(text, text).withName("flights_by_route"));
    }

    private static String route(String flight) {
        return member(flight, "origin") + "-" + member(flight, "destination");
    }

    /// The value of a text member of a flat JSON object.
    private static String member(String json, String name) {
        String start = "\"" + name + "\":\"";
        int from = json.indexOf(start);
        if (from < 0) {
            throw new IllegalArgumentException("a flight needs the member '" + name + "', got " + json);
        }
        return json.substring(from + start.length(), json.indexOf('"', from + start.length()));
    }
}
