package io.weir.streams.testing;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Merger;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.kstream.Window;

/// The same questions asked of Kafka Streams itself, without a gate: what our windows and joins are compared
/// with. Rows are numbers as text; a window's result is `count:sum`.
final class PlainStreams {
    /// One record of a topic.
    record Sent(String topic, String key, String value, Instant time) {}

    private static final Initializer<String> NOTHING = () -> "0:0";

    private final Path state;

    PlainStreams(Path state) {
        this.state = state;
    }

    List<KeyValue<String, String>> windows(List<Sent> sent, TimeWindows windows) {
        StreamsBuilder builder = new StreamsBuilder();
        grouped(builder)
                .windowedBy(windows)
                .aggregate(NOTHING, PlainStreams::add, Materialized.with(Serdes.String(), Serdes.String()))
                .toStream((window, row) -> text(window.key(), window.window(), 0))
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
        return run(builder, sent);
    }

    List<KeyValue<String, String>> windows(List<Sent> sent, SlidingWindows windows) {
        StreamsBuilder builder = new StreamsBuilder();
        grouped(builder)
                .windowedBy(windows)
                .aggregate(NOTHING, PlainStreams::add, Materialized.with(Serdes.String(), Serdes.String()))
                .toStream((window, row) -> text(window.key(), window.window(), 1))
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
        return run(builder, sent);
    }

    List<KeyValue<String, String>> windows(List<Sent> sent, SessionWindows windows) {
        Merger<String, String> merger = (key, one, other) -> plus(one, other);
        StreamsBuilder builder = new StreamsBuilder();
        grouped(builder)
                .windowedBy(windows)
                .aggregate(NOTHING, PlainStreams::add, merger, Materialized.with(Serdes.String(), Serdes.String()))
                .toStream((window, row) -> text(window.key(), window.window(), 1))
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
        return run(builder, sent);
    }

    List<KeyValue<String, String>> joined(List<Sent> sent, JoinWindows windows, String kind) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> left = builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()));
        KStream<String, String> right = builder.stream("other", Consumed.with(Serdes.String(), Serdes.String()));
        ValueJoiner<String, String, String> joiner = (one, other) -> one + "+" + other;
        StreamJoined<String, String, String> serdes =
                StreamJoined.with(Serdes.String(), Serdes.String(), Serdes.String());
        KStream<String, String> joined = switch (kind) {
            case "inner" -> left.join(right, joiner, windows, serdes);
            case "left" -> left.leftJoin(right, joiner, windows, serdes);
            default -> left.outerJoin(right, joiner, windows, serdes);
        };
        joined.to("out", Produced.with(Serdes.String(), Serdes.String()));
        return run(builder, sent);
    }

    private static KGroupedStream<String, String> grouped(StreamsBuilder builder) {
        return builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .groupByKey(Grouped.with(Serdes.String(), Serdes.String()));
    }

    private List<KeyValue<String, String>> run(StreamsBuilder builder, List<Sent> sent) {
        Properties settings = new Properties();
        settings.put("application.id", "plain");
        settings.put("bootstrap.servers", "127.0.0.1:9");
        settings.put("state.dir", state.toString());
        settings.put("statestore.cache.max.bytes", 0);
        settings.put("__emit.interval.ms.kstreams.outer.join.spurious.results.fix__", 0L);
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), settings)) {
            for (Sent one : sent) {
                driver.createInputTopic(one.topic, new StringSerializer(), new StringSerializer())
                        .pipeInput(one.key, one.value, one.time);
            }
            return new ArrayList<>(driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
                    .readKeyValuesToList());
        }
    }

    private static String add(String key, String row, String folded) {
        return plus(folded, "1:" + row);
    }

    private static String plus(String one, String other) {
        int a = one.indexOf(':');
        int b = other.indexOf(':');
        long count = Long.parseLong(one.substring(0, a)) + Long.parseLong(other.substring(0, b));
        long sum = Long.parseLong(one.substring(a + 1)) + Long.parseLong(other.substring(b + 1));
        return count + ":" + sum;
    }

    /// @param beyond 1 where the end of Kafka Streams' window is part of it
    private static String text(String key, Window window, long beyond) {
        return key + "@" + window.start() + ".." + (window.end() + beyond);
    }
}
