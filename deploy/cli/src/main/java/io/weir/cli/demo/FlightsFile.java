package io.weir.cli.demo;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.utils.Utils;

/// What the shipped file of flights must become, computed from the file alone: the yardstick of the demo's
/// checks.
///
/// @param records lines of the file
/// @param delayMinutes sum of `delay`
/// @param contentDigests by partition: what [TopicPass.Partition#content] must be
/// @param greatestTime by partition: the latest event time, epoch milliseconds
/// @param hours flights and minutes of delay by origin and hour
/// @param official the same by the official rule: minutes of flights that are 15 or more minutes late
public record FlightsFile(
        long records,
        long delayMinutes,
        Map<Integer, String> contentDigests,
        Map<Integer, Long> greatestTime,
        Map<OriginHour, Totals> hours,
        Map<OriginHour, Totals> official) {

    public static final long HOUR_MILLIS = 3_600_000L;
    private static final long LATE_FROM_MINUTES = 15;

    /// The latest event time in a partition; the smallest possible one when the partition has no flight.
    public long latestIn(int partition) {
        return greatestTime.getOrDefault(partition, Long.MIN_VALUE);
    }

    /// The windows that a job must have closed: window end + grace is not after the latest event of their partition.
    public Map<OriginHour, Totals> closedHours(long graceMillis, int partitions) {
        return closed(hours, graceMillis, partitions);
    }

    /// The same windows by the official rule.
    public Map<OriginHour, Totals> closedOfficialHours(long graceMillis, int partitions) {
        return closed(official, graceMillis, partitions);
    }

    private Map<OriginHour, Totals> closed(Map<OriginHour, Totals> hours, long graceMillis, int partitions) {
        Map<OriginHour, Totals> closed = new HashMap<>();
        hours.forEach((hour, totals) -> {
            long latest = latestIn(partitionOf(hour.origin(), partitions));
            if (hour.hourMillis() + HOUR_MILLIS + graceMillis <= latest) {
                closed.put(hour, totals);
            }
        });
        return closed;
    }

    /// @param hourMillis start of the hour, epoch milliseconds
    public record OriginHour(String origin, long hourMillis) {}

    public record Totals(long flights, long delayMinutes) {
        public Totals plus(long minutes) {
            return new Totals(flights + 1, delayMinutes + minutes);
        }
    }

    /// The partition that Kafka's default partitioner gives a key.
    public static int partitionOf(String origin, int partitions) {
        return Utils.toPositive(Utils.murmur2(origin.getBytes(StandardCharsets.UTF_8))) % partitions;
    }

    /// @param partitions number of partitions of topic `flights`
    public static FlightsFile read(Path file, int partitions) {
        Map<Integer, Digest> digests = new HashMap<>();
        Map<Integer, Long> greatest = new TreeMap<>();
        Map<OriginHour, Totals> hours = new HashMap<>();
        Map<OriginHour, Totals> official = new HashMap<>();
        long records = 0;
        long delay = 0;
        try (BufferedReader lines = open(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Flight flight = parse(line);
                int partition = partitionOf(flight.origin(), partitions);
                Digest digest = digests.computeIfAbsent(partition, p -> new Digest());
                digest.add(flight.origin().getBytes(StandardCharsets.UTF_8));
                digest.add(line.getBytes(StandardCharsets.UTF_8));
                digest.add(flight.timeMillis());
                greatest.merge(partition, flight.timeMillis(), Math::max);
                OriginHour hour = new OriginHour(
                        flight.origin(), flight.timeMillis() - Math.floorMod(flight.timeMillis(), HOUR_MILLIS));
                add(hours, hour, flight.delay());
                add(official, hour, flight.delay() >= LATE_FROM_MINUTES ? flight.delay() : 0);
                records++;
                delay += flight.delay();
            }
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USER, "File '" + file + "': cannot be read (" + e.getMessage() + ").", e);
        }
        Map<Integer, String> contents = new TreeMap<>();
        digests.forEach((partition, digest) -> contents.put(partition, digest.hex()));
        return new FlightsFile(records, delay, contents, greatest, hours, official);
    }

    private static void add(Map<OriginHour, Totals> hours, OriginHour hour, long minutes) {
        hours.merge(hour, new Totals(1, minutes), (was, one) -> was.plus(one.delayMinutes()));
    }

    /// Writes the first `records` lines of one gzip file to another.
    public static void head(Path from, Path to, long records) {
        try (BufferedReader lines = open(from);
                Writer out = new OutputStreamWriter(
                        new GZIPOutputStream(Files.newOutputStream(to)), StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            for (long n = 0; n < records && line != null; n++) {
                out.write(line);
                out.write('\n');
                line = lines.readLine();
            }
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USER, "File '" + to + "': cannot be written (" + e.getMessage() + ").", e);
        }
    }

    private static BufferedReader open(Path file) throws IOException {
        return new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file), 1 << 16), StandardCharsets.UTF_8),
                1 << 16);
    }

    private record Flight(String origin, long timeMillis, long delay) {}

    private static Flight parse(String line) throws IOException {
        String origin = "";
        long time = 0;
        long delay = 0;
        try (JsonParser parser = Api.JSON.getFactory().createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "origin" -> origin = parser.getText();
                    case "date" -> time = Instant.parse(parser.getText()).toEpochMilli();
                    case "delay" -> delay = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
        }
        return new Flight(origin, time, delay);
    }
}
