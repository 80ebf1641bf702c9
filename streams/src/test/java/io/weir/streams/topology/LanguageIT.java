package io.weir.streams.topology;

import static io.weir.streams.dsl.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunningVersion;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Joins on a real log with several partitions, whose sides lie apart until an internal topic brings them
/// together.
class LanguageIT {
    record Order(String user, String item) {}

    record Pay(String user, int amount) {}

    record User(String country) {}

    record Country(String name) {}

    record Line(String text) {}

    private static final StreamJob JOB = flow -> {
        Table<String, User> users = flow.table("users", User.class);
        users.joinVia(
                        flow.table("countries", Country.class),
                        User::country,
                        (user, country) -> new Line(country.name()))
                .toTable("placed");
        Stream<String, Order> orders = flow.stream("orders", Order.class).keyBy(Order::user);
        orders.join(
                        flow.stream("pays", Pay.class).keyBy(Pay::user),
                        within("1h").grace("0s"),
                        (user, order, pay) -> new Line(user + order.item() + pay.amount()))
                .joinGlobal(
                        flow.global("names", Country.class), Line::text, (user, line, name) -> new Line(name.name()))
                .to("paid");
    };

    @TempDir
    Path data;

    @Test
    void sidesOfJoinsMeetOnARealLog() throws Exception {
        try (NodeLog log = new NodeLog(data.resolve("node"))) {
            log.create("users", 2, Map.of("cleanup.policy", "compact"));
            log.create("countries", 3, Map.of("cleanup.policy", "compact"));
            log.create("names", 1, Map.of("cleanup.policy", "compact"));
            log.create("orders", 2, Map.of("retention.ms", "-1"));
            log.create("pays", 3, Map.of("retention.ms", "-1"));
            log.send("names", "annbook7", "{\"name\":\"found\"}", 0);
            log.send("users", "ann", "{\"country\":\"NO\"}", 0);
            log.send("countries", "NO", "{\"name\":\"Norway\"}", 0);
            log.send("orders", "1", "{\"user\":\"ann\",\"item\":\"book\"}", 978_307_200_000L);
            log.send("pays", "2", "{\"user\":\"ann\",\"amount\":7}", 978_307_260_000L);
            RunningVersion version = new KafkaStreamsRunner(Clock.systemUTC())
                    .start(RunSpec.of(
                            Plan.of("language", JOB),
                            getClass().getClassLoader(),
                            log.client(),
                            data.resolve("state")));
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> version.counts().outByStage().getOrDefault("orders.keyBy.join.joinGlobal", 0L) > 0
                                && version.counts().outByStage().getOrDefault("users.joinVia", 0L) > 0);
            } finally {
                version.stop(Duration.ofSeconds(20));
            }
            assertThat(log.read("paid")).extracting(record -> record.value()).containsExactly("{\"text\":\"found\"}");
            assertThat(log.read("placed"))
                    .extracting(record -> record.value())
                    .containsExactly("{\"text\":\"Norway\"}");
        }
    }
}
