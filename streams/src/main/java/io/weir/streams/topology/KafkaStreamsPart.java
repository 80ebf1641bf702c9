package io.weir.streams.topology;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Stream;
import java.io.Serializable;
import java.util.List;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;

/// Kafka Streams code as one stage of a plan:
///
/// ```java
/// Stream<String, Click> first = KafkaStreamsPart.in(
///         flow, "dedup", clicks, String.class, Click.class,
///         (builder, in) -> in.process(Dedup::new, Named.as("dedup-store")));
/// ```
///
/// The part reads streams of the plan and gives one; it reads and writes no topics of its own, and names
/// its stores. Put `keyBy` behind it where a later operator needs the rows of a key together.
public final class KafkaStreamsPart {
    private KafkaStreamsPart() {}

    /// What a part does with one stream.
    @FunctionalInterface
    public interface Code<K, V, L, R> extends Serializable {
        KStream<L, R> of(StreamsBuilder builder, KStream<K, V> in);
    }

    /// What a part does with its streams, in their order.
    @FunctionalInterface
    public interface Body extends Serializable {
        KStream<Object, Object> of(StreamsBuilder builder, List<KStream<Object, Object>> in);
    }

    /// A part that reads one stream.
    ///
    /// @param name of the stage
    /// @param key of the rows it gives
    /// @param row the rows it gives
    public static <K, V, L, R> Stream<L, R> in(
            Flow flow, String name, Stream<K, V> input, Class<L> key, Class<R> row, Code<K, V, L, R> code) {
        return flow.foreign(name, List.of(input), code, key, row);
    }

    /// A part that reads several streams.
    ///
    /// @param name of the stage
    /// @param key of the rows it gives
    /// @param row the rows it gives
    public static <L, R> Stream<L, R> in(
            Flow flow, String name, List<Stream<?, ?>> inputs, Class<L> key, Class<R> row, Body code) {
        return flow.foreign(name, inputs, code, key, row);
    }

    /// Runs the code of a part.
    @SuppressWarnings("unchecked") // rows have the types that the plan says
    static KStream<Object, Object> run(Object code, StreamsBuilder builder, List<KStream<Object, Object>> inputs) {
        return code instanceof Body body
                ? body.of(builder, inputs)
                : ((Code<Object, Object, Object, Object>) code).of(builder, inputs.getFirst());
    }
}
