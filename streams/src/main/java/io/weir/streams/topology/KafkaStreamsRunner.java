package io.weir.streams.topology;

import io.weir.streams.job.RunSpec;
import io.weir.streams.job.Runner;
import io.weir.streams.job.RunningVersion;
import java.time.Clock;

/// Runs versions of jobs on Kafka Streams: one `KafkaStreams` object per version, exactly-once, with its
/// own threads. Thread-safe; one instance per process.
public final class KafkaStreamsRunner implements Runner {
    /// Memory outside the heap for state stores where nothing else is said.
    public static final long ROCKSDB_BYTES = SharedRocksDb.DEFAULT_BUDGET_BYTES;

    private final Clock clock;
    private final long rocksDbBytes;
    private final SchemaLookup schemas;

    /// @param clock tells which event times lie in the future
    public KafkaStreamsRunner(Clock clock) {
        this(clock, SharedRocksDb.DEFAULT_BUDGET_BYTES);
    }

    /// @param clock tells which event times lie in the future
    /// @param rocksDbBytes memory outside the heap for the state stores of all jobs of this process
    ///     together; the first version that runs decides
    public KafkaStreamsRunner(Clock clock, long rocksDbBytes) {
        this(clock, rocksDbBytes, AvroRows.NO_REGISTRY);
    }

    /// @param clock tells which event times lie in the future
    /// @param rocksDbBytes memory outside the heap for the state stores of all jobs of this process
    ///     together; the first version that runs decides
    /// @param schemas of Avro values
    public KafkaStreamsRunner(Clock clock, long rocksDbBytes, SchemaLookup schemas) {
        this.clock = clock;
        this.rocksDbBytes = rocksDbBytes;
        this.schemas = schemas;
    }

    @Override
    public RunningVersion start(RunSpec spec) {
        StreamsVersion version = new StreamsVersion(spec, clock, rocksDbBytes, schemas);
        version.start();
        return version;
    }
}
