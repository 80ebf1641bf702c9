package io.weir.streams.topology;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;
import org.apache.kafka.streams.StreamsBuilder;

/// A job written in Kafka Streams itself. It is planned, deployed, replayed, compared and promoted like any
/// other; the plan knows its topics and its fingerprint, and cannot look inside.
///
/// Rules, checked when it is planned: outputs go through [JobContext#output]; stores and internal topics
/// have names; sources are named, not matched by a pattern. There is no late gate: lateness is what Kafka
/// Streams makes of it.
public interface KafkaStreamsJob extends StreamJob {
    /// Builds the topology. Called once per plan and once per start; it must do the same each time.
    void define(StreamsBuilder builder, JobContext context);

    /// Builds the topology once to see its topics.
    @Override
    default void define(Flow flow) {
        ForeignJobs.describe(this, flow);
    }
}
