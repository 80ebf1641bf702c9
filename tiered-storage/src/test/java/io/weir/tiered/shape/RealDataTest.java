package io.weir.tiered.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// Real data, whole: every value becomes columns, none stays raw.
class RealDataTest {
    private static final Path DATA = Path.of("../deploy/examples/data");

    @Test
    void noEarthquakeStaysRaw() throws IOException {
        List<String> values = lines("earthquakes-2018.ndjson.gz", 10_000);
        Shredded topic = Shredded.sampling(values.stream().map(Shredded::utf8).toList());

        assertThat(values).hasSize(1707);
        for (String value : values) {
            assertThat(topic.roundTrip(value)).isEqualTo(value);
        }
        assertThat(topic.shredder.shapes()).isLessThan(60);
    }

    @Test
    void noFlightStaysRaw() throws IOException {
        List<String> values = lines("flights-2001.ndjson.gz", 200_000);
        Shredded topic = Shredded.sampling(
                values.subList(0, 1000).stream().map(Shredded::utf8).toList());

        for (String value : values) {
            byte[] bytes = Shredded.utf8(value);
            assertThat(topic.shredder.shred(bytes, 0, bytes.length)).isTrue();
        }
        assertThat(topic.shredder.shapes()).isEqualTo(1);
        assertThat(topic.columns.columns().stream().map(column -> column.name() + " " + column.type()))
                .containsExactly(
                        "date TIMESTAMP", "delay LONG", "distance LONG", "origin STRING", "destination STRING");
    }

    private static List<String> lines(String file, int most) throws IOException {
        InputStream gzip = new GZIPInputStream(Files.newInputStream(DATA.resolve(file)));
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(gzip, StandardCharsets.UTF_8))) {
            return reader.lines().limit(most).toList();
        }
    }
}
