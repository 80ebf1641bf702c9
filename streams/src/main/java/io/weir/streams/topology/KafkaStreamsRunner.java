package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.Runner;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.replay.ColdSource;
import io.weir.streams.replay.RecordTime;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs versions of jobs on Kafka Streams: one `KafkaStreams` object per version, exactly-once, with its
/// own threads. Thread-safe; one instance per process.
public final class KafkaStreamsRunner implements Runner {
    /// Memory outside the heap for state stores where nothing else is said.
    public static final long ROCKSDB_BYTES = SharedRocksDb.DEFAULT_BUDGET_BYTES;

    /// Where nothing is said of a registry: Avro values are refused.
    public static final SchemaLookup NO_SCHEMAS = AvroRows.NO_REGISTRY;

    private final Clock clock;
    private final long rocksDbBytes;
    private final SchemaLookup schemas;
    private final @Nullable ColdSource cold;

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
        this(clock, rocksDbBytes, schemas, null);
    }

    /// @param clock tells which event times lie in the future
    /// @param rocksDbBytes memory outside the heap for the state stores of all jobs of this process
    ///     together; the first version that runs decides
    /// @param schemas of Avro values
    /// @param cold where replays of tier T2 read what is archived, and the memory of one replay for it; null where
    ///     there is no archive, then they read through the broker
    public KafkaStreamsRunner(Clock clock, long rocksDbBytes, SchemaLookup schemas, @Nullable ColdSource cold) {
        this.cold = cold;
        this.clock = clock;
        this.rocksDbBytes = rocksDbBytes;
        this.schemas = schemas;
    }

    @Override
    public RunningVersion start(RunSpec spec) {
        StreamsVersion version = new StreamsVersion(spec, clock, rocksDbBytes, schemas, cold);
        version.start();
        return version;
    }

    @Override
    public Optional<String> foldAbsence() {
        ColdSource.Columns columns = cold == null ? null : cold.columns();
        return columns == null
                ? Optional.of("this node has nothing that folds columns")
                : columns.fold().absence();
    }

    @Override
    public Optional<String> foldRefusal(Plan plan) {
        try {
            FoldRules.of(plan);
            return Optional.empty();
        } catch (FoldRefused e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Function<String, RecordTime> eventTimes(Plan plan) {
        return new SourceTimes(plan, clock, new OutputTopics(Map.of()), schemas)::of;
    }
}
