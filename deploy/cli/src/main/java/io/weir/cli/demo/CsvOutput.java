package io.weir.cli.demo;

import io.weir.cli.demo.FlightsFile.OriginHour;
import io.weir.cli.demo.FlightsFile.Totals;
import io.weir.cli.node.CliFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The rows that the file sink wrote: `origin,hour,state,flights,delay_minutes` in one file for each range of
/// offsets.
///
/// @param hours by origin and hour
/// @param rows rows in all files; more than `hours` when one stands twice
/// @param files number of files
public record CsvOutput(Map<OriginHour, Totals> hours, long rows, int files) {

    public static CsvOutput read(Path folder) {
        Map<OriginHour, Totals> hours = new HashMap<>();
        long rows = 0;
        int files = 0;
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> csv =
                    paths.filter(path -> path.toString().endsWith(".csv")).toList();
            for (Path file : csv) {
                files++;
                List<String> lines = Files.readAllLines(file);
                for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
                    String[] cells = line.split(",", -1);
                    hours.put(
                            new OriginHour(cells[0], Instant.parse(cells[1]).toEpochMilli()),
                            new Totals(Long.parseLong(cells[3]), Long.parseLong(cells[4])));
                    rows++;
                }
            }
        } catch (IOException e) {
            throw new CliFailure(CliFailure.CHECK, "Folder '" + folder + "': " + e.getMessage(), e);
        }
        return new CsvOutput(hours, rows, files);
    }
}
