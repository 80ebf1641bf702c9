package io.weir.tiered.archive;

import io.weir.tiered.shape.BenchmarkSchema;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.store.HadoopObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata.CustomMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadataUpdate;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentState;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;
import org.apache.kafka.server.log.remote.storage.RemoteStorageManager;
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

/// A whole cold segment of flights back as Kafka batches, proven: read, decode, rebuild, check, compress. `cold` begins
/// with empty caches, `warm` finds the decoded row group there; records per second = `records` / time. `seek` begins
/// with empty caches, too, and ends with the first bytes of a batch anywhere in the segment (500 000 flights are a row
/// group of 64 MB).
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else
public class SegmentReaderBenchmark {
    @Param({"none", "lz4", "zstd"})
    public String serve = "none";

    @Param({"false", "true"})
    public boolean shaped;

    @Param("200000")
    public int records;

    private final LakeSchema schema = new BenchmarkSchema();
    private Path folder = Path.of(".");
    private ArchiveSettings settings;
    private RemoteLogSegmentMetadata metadata;
    private WeirRemoteStorageManager warm;
    private final byte[] buffer = new byte[1 << 20];
    private final Random random = new Random(7);
    private int batches;

    @Setup(Level.Trial)
    public void open() throws IOException, RemoteStorageException {
        if (shaped) {
            LakeSchemas.offer("jmh", schema);
        }
        folder = Files.createTempDirectory("weir-jmh");
        NdjsonSegment segment = new NdjsonSegment(
                folder,
                Path.of(System.getProperty("weir.flights", "deploy/examples/data/flights-2001.ndjson.gz")),
                NdjsonSegment.FLIGHT,
                CompressionType.LZ4,
                records);
        settings = ArchiveSettings.of(Map.of(
                ArchiveSettings.URI,
                folder.resolve("archive").toUri().toString(),
                ArchiveSettings.CLUSTER_ID,
                "jmh",
                ArchiveSettings.SHAPE_ENABLED,
                "true",
                ArchiveSettings.SERVE_COMPRESSION,
                serve));
        Files.createDirectory(folder.resolve("staging"));
        warm = plugin();
        RemoteLogSegmentMetadata started = segment.metadata();
        Optional<CustomMetadata> custom = warm.copyLogSegmentData(started, segment.data);
        metadata = started.createWithUpdates(new RemoteLogSegmentMetadataUpdate(
                started.remoteLogSegmentId(), 0, custom, RemoteLogSegmentState.COPY_SEGMENT_FINISHED, 1));
        try (InputStream index = warm.fetchIndex(metadata, RemoteStorageManager.IndexType.OFFSET)) {
            // one entry for every batch but the first, each of eight bytes
            batches = index.readAllBytes().length / 8 + 1;
        }
    }

    private WeirRemoteStorageManager plugin() throws IOException {
        WeirRemoteStorageManager plugin = new WeirRemoteStorageManager();
        plugin.start(settings, HadoopObjectStore.open(settings.root(), Map.of()), folder.resolve("staging"));
        return plugin;
    }

    @Benchmark
    public long warm() throws IOException, RemoteStorageException {
        return readAll(warm);
    }

    /// A plugin that has read nothing. Made for each operation and not timed: one takes milliseconds.
    @State(Scope.Thread)
    public static class Fresh {
        private WeirRemoteStorageManager plugin;

        @Setup(Level.Invocation)
        public void open(SegmentReaderBenchmark benchmark) throws IOException {
            plugin = benchmark.plugin();
        }

        @TearDown(Level.Invocation)
        public void close() throws IOException {
            plugin.close();
        }
    }

    @Benchmark
    public long cold(Fresh fresh) throws IOException, RemoteStorageException {
        return readAll(fresh.plugin);
    }

    @Benchmark
    public int seek(Fresh fresh) throws IOException, RemoteStorageException {
        try (InputStream in = fresh.plugin.fetchLogSegment(metadata, random.nextInt(batches))) {
            return in.read(buffer);
        }
    }

    private long readAll(WeirRemoteStorageManager plugin) throws IOException, RemoteStorageException {
        long bytes = 0;
        try (InputStream in = plugin.fetchLogSegment(metadata, 0)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        return bytes;
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        warm.close();
        LakeSchemas.withdraw("jmh", schema);
        Folders.delete(folder);
    }
}
