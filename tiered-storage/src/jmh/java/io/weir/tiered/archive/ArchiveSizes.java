package io.weir.tiered.archive;

import io.weir.tiered.shape.BenchmarkSchema;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.store.HadoopObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;

/// A program: how large one segment of a data set is as a log with each producer codec, in the archive, and as the
/// Parquet file that DuckDB makes (zstd) of the same rows. Arguments: files of JSON lines. Sizes, unlike times, do
/// not depend on what else the machine does.
public final class ArchiveSizes {
    private static final int LIMIT = 1_000_000;
    private static final int LARGEST = 25;

    private ArchiveSizes() {}

    public static void main(String[] files) throws Exception {
        for (String file : files) {
            Path folder = Files.createTempDirectory("weir-sizes");
            try {
                measure(Path.of(file), folder);
            } finally {
                Folders.delete(folder);
            }
        }
    }

    private static void measure(Path file, Path folder) throws IOException, RemoteStorageException, SQLException {
        NdjsonSegment.Line reading =
                file.getFileName().toString().startsWith("flights") ? NdjsonSegment.FLIGHT : NdjsonSegment.PLAIN;
        long zstd = new NdjsonSegment(folder, file, reading, CompressionType.ZSTD, LIMIT).segmentBytes;
        long none = new NdjsonSegment(folder, file, reading, CompressionType.NONE, LIMIT).segmentBytes;
        NdjsonSegment segment = new NdjsonSegment(folder, file, reading, CompressionType.LZ4, LIMIT);
        long raw = archive(segment, folder);
        Path data = onlyFile(folder.resolve("archive"), ".parquet");
        long archived = total(folder.resolve("archive"));
        Path duck = folder.resolve("duckdb.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET memory_limit = '2GB'");
            statement.execute("COPY (SELECT * FROM read_parquet('" + data + "')) TO '" + duck
                    + "' (FORMAT parquet, COMPRESSION zstd)");
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %,d records, %.1f MB of JSON, %d raw%n  log: %.2f MB none, %.2f MB lz4, %.2f MB zstd%n"
                        + "  archive: %.2f MB (data file %.2f MB, sidecar %.2f MB): %.1fx smaller than lz4,"
                        + " %.1fx than zstd%n  DuckDB's file of the same rows: %.2f MB; ours is %.2fx of it%n",
                file.getFileName(),
                segment.records,
                segment.valueBytes / 1e6,
                raw,
                none / 1e6,
                segment.segmentBytes / 1e6,
                zstd / 1e6,
                archived / 1e6,
                Files.size(data) / 1e6,
                (archived - Files.size(data)) / 1e6,
                (double) segment.segmentBytes / archived,
                (double) zstd / archived,
                Files.size(duck) / 1e6,
                (double) Files.size(data) / Files.size(duck));
        columns(data);
    }

    /// Where the bytes of a data file are.
    private static void columns(Path data) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet columns = statement.executeQuery(
                        "SELECT path_in_schema, encodings, sum(total_compressed_size), sum(total_uncompressed_size),"
                                + " sum(num_values) FROM parquet_metadata('" + data
                                + "') GROUP BY ALL ORDER BY 3 DESC LIMIT " + LARGEST)) {
            while (columns.next()) {
                System.out.printf(
                        Locale.ROOT,
                        "    %,10d of %,11d bytes, %,9d values, %s: %s%n",
                        columns.getLong(3),
                        columns.getLong(4),
                        columns.getLong(5),
                        columns.getString(2),
                        columns.getString(1));
            }
        }
    }

    /// @return values that stayed raw
    private static long archive(NdjsonSegment segment, Path folder) throws IOException, RemoteStorageException {
        LakeSchema schema = new BenchmarkSchema();
        LakeSchemas.offer("sizes", schema);
        ArchiveSettings settings = ArchiveSettings.of(Map.of(
                ArchiveSettings.URI,
                folder.resolve("archive").toUri().toString(),
                ArchiveSettings.CLUSTER_ID,
                "sizes"));
        long before = raw();
        try (WeirRemoteStorageManager plugin = new WeirRemoteStorageManager()) {
            plugin.start(
                    settings,
                    HadoopObjectStore.open(settings.root(), Map.of()),
                    Files.createDirectory(folder.resolve("staging")));
            plugin.copyLogSegmentData(segment.metadata(), segment.data);
        } finally {
            LakeSchemas.withdraw("sizes", schema);
        }
        return raw() - before;
    }

    private static long raw() {
        return ArchiveMetrics.PROCESS.byTopic().values().stream()
                .mapToLong(TopicNumbers::rawRecords)
                .sum();
    }

    private static Path onlyFile(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long total(Path folder) throws IOException {
        long sum = 0;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                sum += Files.size(path);
            }
        }
        return sum;
    }
}
