package io.weir.cli.demo;

import io.weir.cli.node.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where the demo reads and writes.
///
/// @param examples the folder `deploy/examples`
/// @param data the node's data folder, made anew
/// @param flights the flights to load: the shipped file, or the first part of it
/// @param airportCount airports in `airports.csv`
public record DemoFiles(Path examples, Path data, Path flights, long airportCount) {

    /// Prepares the folders; a data folder that an earlier demo left is replaced.
    ///
    /// @param records how many of the shipped flights to load
    public static DemoFiles prepare(Path home, Path data, long records) {
        Path examples = home.resolve("deploy/examples");
        Path shipped = examples.resolve("data/flights-2001.ndjson.gz");
        try {
            replace(data);
            Path input = Files.createDirectories(data.resolve("input"));
            Files.createDirectories(data.resolve("out"));
            Path flights = shipped;
            if (records < 1_000_000) {
                flights = input.resolve("flights.ndjson.gz");
                FlightsFile.head(shipped, flights, records);
            }
            try (Stream<String> lines = Files.lines(examples.resolve("data/airports.csv"))) {
                return new DemoFiles(examples, data, flights, lines.count() - 1);
            }
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USER, "Folder '" + data + "': " + e.getMessage(), e);
        }
    }

    public Path connectors() {
        return examples.resolve("connectors");
    }

    public Path out() {
        return data.resolve("out");
    }

    /// The folders that file connectors may read and write.
    public String allowed() {
        return examples.resolve("data") + "," + data.resolve("input") + "," + out();
    }

    public Path examplesJar() {
        try (Stream<Path> jars = Files.list(examples.resolve("target"))) {
            return jars.filter(path -> path.getFileName().toString().matches("weir-examples-.*\\.jar"))
                    .filter(path -> !path.getFileName().toString().contains("sources"))
                    .findFirst()
                    .orElseThrow(() -> new CliFailure(CliFailure.INTERNAL, "The examples are not built."));
        } catch (IOException e) {
            throw new CliFailure(CliFailure.INTERNAL, "The examples are not built: " + e.getMessage(), e);
        }
    }

    private static void replace(Path data) throws IOException {
        if (!Files.exists(data)) {
            return;
        }
        if (!Files.isDirectory(data.resolve("meta")) && !isEmpty(data)) {
            throw new CliFailure(
                    CliFailure.USER,
                    "Folder '" + data + "': holds something that no demo made; name another with --data.");
        }
        try (Stream<Path> paths = Files.walk(data)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }
}
