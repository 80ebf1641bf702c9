package io.weir.streams.topology;

import org.apache.kafka.streams.processor.TopicNameExtractor;

/// What a [KafkaStreamsJob] has to know of where it runs.
public interface JobContext {
    /// Where to write an output: `stream.to(context.output("revenue"), Produced.with(...))`. The name stands
    /// for another topic while the version is not live; so a job never writes a topic by its name.
    <K, V> TopicNameExtractor<K, V> output(String name);
}
