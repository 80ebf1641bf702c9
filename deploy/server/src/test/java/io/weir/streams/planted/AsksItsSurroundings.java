package io.weir.streams.planted;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/// Breaks the rule on time in every way that it names; never run.
public final class AsksItsSurroundings {
    private final Supplier<Instant> reference = Instant::now;

    List<Object> ask() throws InterruptedException {
        Thread.sleep(1);
        Thread.sleep(Duration.ofMillis(1));
        return List.of(
                System.currentTimeMillis(),
                System.getProperty("a", ""),
                System.getenv("A"),
                new Random(),
                Clock.systemUTC(),
                LocalDateTime.now(),
                UUID.randomUUID(),
                Time.SYSTEM,
                reference);
    }
}
