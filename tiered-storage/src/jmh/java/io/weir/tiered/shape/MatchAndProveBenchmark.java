package io.weir.tiered.shape;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
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
import org.openjdk.jmh.annotations.Warmup;

/// Match and proof alone, without columns: an operation takes 16 MiB of values apart. MB/s = 16.8 / time in s.
/// Allocation per operation (`-prof gc`) shows whether the hot path is free of it.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else
public class MatchAndProveBenchmark {
    private static final int BYTES = 16 << 20;

    @Param({"flights-2001.ndjson.gz", "earthquakes-2018.ndjson.gz"})
    public String data = "flights-2001.ndjson.gz";

    private byte[] text = new byte[BYTES];
    private int[] ends = new int[0];
    private Shredder shredder;

    @Setup(Level.Trial)
    public void open() throws IOException {
        Path folder = Path.of(System.getProperty("weir.data", "deploy/examples/data"));
        ColumnSampler sampler = new ColumnSampler(ShapeLimits.DEFAULT);
        List<byte[]> values = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(folder.resolve(data))), StandardCharsets.UTF_8))) {
            lines.lines().limit(200_000).forEach(line -> values.add(line.getBytes(StandardCharsets.UTF_8)));
        }
        values.stream().limit(5_000).forEach(value -> sampler.add(value, 0, value.length));
        List<Integer> found = new ArrayList<>();
        int at = 0;
        for (int i = 0; at + values.get(i % values.size()).length <= BYTES; i++) {
            byte[] value = values.get(i % values.size());
            System.arraycopy(value, 0, text, at, value.length);
            at += value.length;
            found.add(at);
        }
        ends = found.stream().mapToInt(Integer::intValue).toArray();
        TopicColumns topic = new BenchmarkSchema()
                .grow("flights", new UUID(1, 1), sampler.wanted(List.of(), 1000), Duration.ofSeconds(1));
        shredder = new Shredder(new ColumnTree(topic.columns()), ShapeLimits.DEFAULT);
    }

    @Benchmark
    public int matchAndProve() {
        int from = 0;
        int shredded = 0;
        for (int end : ends) {
            shredded += shredder.shred(text, from, end - from) ? 1 : 0;
            from = end;
        }
        if (shredded != ends.length) {
            throw new IllegalStateException("Values stayed raw: " + (ends.length - shredded));
        }
        return shredded;
    }
}
