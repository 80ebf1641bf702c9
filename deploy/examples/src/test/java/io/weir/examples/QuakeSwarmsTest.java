package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.examples.QuakeSwarms.Swarm;
import io.weir.streams.testing.Row;
import io.weir.streams.testing.StreamScenario;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class QuakeSwarmsTest {
    private static final Path WEEK = Path.of("data/earthquakes-2018.ndjson.gz");
    private static final long HOUR_MILLIS = 3_600_000;

    @Test
    void theSwarmsOfAWeekAreThoseOfAPlainComputation() throws IOException {
        List<String> lines = lines();
        try (StreamScenario scenario = StreamScenario.of(new QuakeSwarms())) {
            scenario.at(Instant.parse("2018-03-01T00:00:00Z"));
            for (String line : lines) {
                scenario.send("earthquakes", null, line);
            }
            scenario.closeWindows();

            List<Row<Swarm>> swarms = scenario.read("quake_swarms", Swarm.class);

            List<Long> sizes = new ArrayList<>();
            swarms.forEach(row -> sizes.add(row.row().quakes()));
            Collections.sort(sizes);
            assertThat(sizes).isEqualTo(expectedSizes(lines)).hasSizeGreaterThan(100);
            assertThat(scenario.late()).isEmpty();
            assertThat(scenario.dlq()).isEmpty();
        }
    }

    @Test
    void aSwarmKnowsItsStrongestQuakeAndItsFirstPlaces() {
        try (StreamScenario scenario = StreamScenario.of(new QuakeSwarms())) {
            scenario.at(Instant.parse("2018-03-01T00:00:00Z"));
            quake(scenario, 0, 4.5, "there");
            quake(scenario, 59, null, "here");
            quake(scenario, 118, 2.0, "there");
            quake(scenario, 49, 1.0, "between");
            quake(scenario, 500, 1.0, "alone");
            scenario.closeWindows();

            assertThat(scenario.read("quake_swarms", Swarm.class))
                    .extracting(Row::row)
                    .containsExactly(new Swarm(4, 1, 4.5, List.of("there", "between", "here")));
        }
    }

    private static void quake(StreamScenario scenario, int minute, Double magnitude, String place) {
        long time = 1_517_363_399_650L + minute * 60_000L;
        scenario.send(
                "earthquakes",
                null,
                "{\"type\":\"Feature\",\"properties\":{\"mag\":" + magnitude + ",\"place\":\"" + place + "\",\"time\":"
                        + time + ",\"net\":\"uw\"},\"id\":\"q" + minute + "\"}");
    }

    /// The file is not in order; a job reads it in the order of time, as a connector would replay it.
    private static List<String> lines() throws IOException {
        Map<String, String> byTime = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(WEEK)), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null) {
                JsonNode feature = json.readTree(line);
                byTime.put(
                        feature.path("properties").path("time").asText()
                                + feature.path("id").asText(),
                        line);
                line = reader.readLine();
            }
        }
        return new ArrayList<>(byTime.values());
    }

    private static List<Long> expectedSizes(List<String> lines) throws IOException {
        Map<String, List<Long>> times = new TreeMap<>();
        for (String line : lines) {
            JsonNode properties = new ObjectMapper().readTree(line).path("properties");
            times.computeIfAbsent(properties.path("net").asText(), net -> new ArrayList<>())
                    .add(properties.path("time").asLong());
        }
        List<Long> sizes = new ArrayList<>();
        for (List<Long> network : times.values()) {
            Collections.sort(network);
            long size = 0;
            long before = Long.MIN_VALUE;
            for (long time : network) {
                if (size > 0 && time - before > HOUR_MILLIS) {
                    sizes.add(size);
                    size = 0;
                }
                size++;
                before = time;
            }
            sizes.add(size);
        }
        sizes.removeIf(size -> size < 2);
        Collections.sort(sizes);
        return sizes;
    }
}
