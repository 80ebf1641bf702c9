package io.weir.streams.job.life;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A flight of 2001.
///
/// @param delay in minutes; below 0 = early
record Flight(String origin, Instant at, long delay) {
    static final List<String> ORIGINS = List.of("ATL", "BOS", "DEN", "JFK", "LAX", "ORD", "SEA", "SFO");
    static final Instant JANUARY_2001 = Instant.parse("2001-01-01T00:00:00Z");
    static final long HOUR = 3_600_000;

    /// In order of time, spread over three days.
    static List<Flight> random(int count, long seed) {
        Random random = new Random(seed);
        List<Flight> flights = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Instant at = JANUARY_2001.plusSeconds(i * 259_200L / count);
            flights.add(new Flight(ORIGINS.get(random.nextInt(ORIGINS.size())), at, random.nextInt(30) - 5));
        }
        return flights;
    }

    /// What the job must come to, by `origin hour`: its minutes.
    ///
    /// @param lateOnly by the official rule: from 15 minutes on, and early departures count nothing
    static Map<String, Long> perHour(List<Flight> flights, boolean lateOnly) {
        Map<String, Long> sums = new TreeMap<>();
        for (Flight flight : flights) {
            sums.merge(flight.name(), !lateOnly || flight.delay() >= 15 ? flight.delay() : 0, Long::sum);
        }
        return sums;
    }

    /// The whole rows that the job must come to, by `origin hour`.
    static Map<String, String> rowsPerHour(List<Flight> flights) {
        Map<String, Long> counts = new TreeMap<>();
        flights.forEach(flight -> counts.merge(flight.name(), 1L, Long::sum));
        Map<String, String> rows = new TreeMap<>();
        perHour(flights, false)
                .forEach((name, minutes) -> rows.put(
                        name,
                        "{\"flights\":" + counts.get(name) + ",\"minutes\":" + minutes + ",\"state\":\"in "
                                + name.substring(0, 3) + "\"}"));
        return rows;
    }

    private String name() {
        return origin + " " + at.toEpochMilli() / HOUR * HOUR;
    }
}
