package io.weir.tiered.archive;

import io.weir.tiered.shape.BenchmarkSchema;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.store.HadoopObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Copy of one closed segment, whole: parse, encode, compress, prove, write to a local folder. One thread. An
/// operation is one segment: records per second = `records` / time.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else
public class SegmentWriterBenchmark {
    @Param({"NONE", "LZ4", "ZSTD"})
    public String producer = "LZ4";

    /// Flights of 92 bytes, or events of 150.
    @Param({"flights", "events"})
    public String data = "flights";

    @Param({"full", "footer"})
    public String verify = "full";

    @Param({"false", "true"})
    public boolean shaped;

    @Param("200000")
    public int records;

    private final LakeSchema schema = new BenchmarkSchema();
    private Path folder = Path.of(".");
    private NdjsonSegment segment;
    private WeirRemoteStorageManager plugin = new WeirRemoteStorageManager();

    @Setup(Level.Trial)
    public void open() throws IOException {
        if (shaped) {
            LakeSchemas.offer("jmh", schema);
        }
        folder = Files.createTempDirectory("weir-jmh");
        boolean flights = data.equals("flights");
        segment = new NdjsonSegment(
                folder,
                flights
                        ? Path.of(System.getProperty("weir.flights", "deploy/examples/data/flights-2001.ndjson.gz"))
                        : Events.write(folder.resolve("events.ndjson"), records),
                flights ? NdjsonSegment.FLIGHT : NdjsonSegment.PLAIN,
                CompressionType.valueOf(producer),
                records);
        plugin = new WeirRemoteStorageManager();
        ArchiveSettings settings = ArchiveSettings.of(Map.of(
                ArchiveSettings.URI,
                folder.resolve("archive").toUri().toString(),
                ArchiveSettings.CLUSTER_ID,
                "jmh",
                ArchiveSettings.SHAPE_ENABLED,
                "true",
                ArchiveSettings.VERIFY_ON_COPY,
                verify));
        plugin.start(
                settings,
                HadoopObjectStore.open(settings.root(), Map.of()),
                Files.createDirectory(folder.resolve("staging")));
    }

    @Benchmark
    public Object copy() throws RemoteStorageException {
        RemoteLogSegmentMetadata metadata = segment.metadata();
        Object result = plugin.copyLogSegmentData(metadata, segment.data);
        plugin.deleteLogSegmentData(metadata);
        return result;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        plugin.close();
        LakeSchemas.withdraw("jmh", schema);
        Folders.delete(folder);
    }
}
