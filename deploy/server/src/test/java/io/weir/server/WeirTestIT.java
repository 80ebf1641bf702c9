package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.examples.DelaysByOrigin;
import io.weir.streams.testing.HistoryRecord;
import io.weir.streams.testing.HistorySource;
import io.weir.testing.WeirNode;
import io.weir.testing.WeirTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// A node in this JVM, as users get it.
@WeirTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WeirTestIT {
    private static WeirNode first;

    @Test
    @Order(1)
    void aJobOfTheClassPathRunsOnTheNodeOfTheTest(WeirNode node) {
        first = node;
        node.createTopic("flights", 2);
        node.send(IntStream.range(0, 300)
                .mapToObj(i -> new ProducerRecord<>("flights", null, 1_000L * i, "AB" + i % 3, flight(i)))
                .toList());

        String job = node.deploy(DelaysByOrigin.class);
        node.awaitCaughtUp(job);

        assertThat(job).isEqualTo("delays-by-origin");
        List<ConsumerRecord<String, String>> rows = node.read("delays_by_origin");
        assertThat(rows.stream()
                        .filter(row -> row.key().equals("AB1"))
                        .map(ConsumerRecord::value)
                        .toList()
                        .getLast())
                .isEqualTo("{\"flights\":100,\"delayMinutes\":100}");
        assertThat(node.sql("SELECT count(*), sum(delay) FROM flights")
                        .path(0)
                        .path(0)
                        .asLong())
                .isEqualTo(300);
        node.delete(job);
    }

    @Test
    @Order(2)
    void theNodeIsTheSameForAllTests(WeirNode node) {
        assertThat(node).isSameAs(first);
        assertThat(System.getProperty("weir.home")).as("is there again").isNotNull();
    }

    @Test
    @Order(3)
    void historyOfTheNodeAndOfItsArchiveIsTheSame(WeirNode node) {
        node.tier("flights");
        URI folder = node.data().resolve("archive").toUri();
        HistorySource archive = HistorySource.of(folder);

        List<HistoryRecord> stored = archive.read(folder, "flights", 60_000, 120_000);
        List<HistoryRecord> served = HistorySource.of(node.http()).read(node.http(), "flights", 60_000, 120_000);

        assertThat(stored.stream().map(WeirTestIT::text))
                .hasSize(60)
                .containsExactlyElementsOf(served.stream().map(WeirTestIT::text).toList());
        assertThatThrownBy(() -> archive.read(folder, "flight", 0, 1))
                .hasMessageContaining("nothing of topic 'flight'");
    }

    private static String text(HistoryRecord record) {
        return record.partition() + " " + record.offset() + " " + record.timestampMillis() + " "
                + new String(record.key(), StandardCharsets.UTF_8) + " "
                + new String(record.value(), StandardCharsets.UTF_8);
    }

    private static String flight(int i) {
        return "{\"date\":\"2001-01-01T00:00:00Z\",\"delay\":" + i % 3 + ",\"distance\":1,\"origin\":\"AB" + i % 3
                + "\",\"destination\":\"XYZ\"}";
    }
}
