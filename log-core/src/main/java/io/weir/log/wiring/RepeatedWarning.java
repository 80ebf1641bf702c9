package io.weir.log.wiring;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says something at once and then every minute for as long as the process lives, so that no glance at the log
/// can miss it.
final class RepeatedWarning {
    private static final Logger LOG = LoggerFactory.getLogger(RepeatedWarning.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final String text;

    RepeatedWarning(String text) {
        this.text = text;
    }

    void start() {
        Thread thread = new Thread(this::repeat, "weir-repeated-warning");
        thread.setDaemon(true);
        thread.start();
    }

    private void repeat() {
        CountDownLatch never = new CountDownLatch(1);
        try {
            do {
                LOG.warn(text);
            } while (!never.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
