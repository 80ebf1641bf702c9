package io.weir.tiered.archive;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/// Made-up events of 150 bytes on average, the same in every run: an id, a time, a user, a kind, a price, a page.
final class Events {
    private static final String[] KINDS = {"view", "click", "cart", "purchase", "return"};
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    private Events() {}

    static Path write(Path file, int count) throws IOException {
        Random random = new Random(7);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < count; i++) {
                out.write(String.format(
                        Locale.ROOT,
                        "{\"id\":\"%s\",\"at\":\"%s\",\"user\":%d,\"kind\":\"%s\",\"price\":%.2f,\"page\":\"/p/%d\"}%n",
                        new UUID(random.nextLong(), random.nextLong()),
                        FROM.plusMillis(i * 37L + 1).toString(),
                        random.nextInt(100_000),
                        KINDS[random.nextInt(KINDS.length)],
                        random.nextInt(100_000) / 100.0,
                        random.nextInt(5_000)));
            }
        }
        return file;
    }
}
