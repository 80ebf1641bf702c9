package io.weir.log.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShutdownWatchdogTest {
    @Test
    void endsAStopThatDoesNotEnd() throws InterruptedException {
        CountDownLatch halted = new CountDownLatch(1);
        new ShutdownWatchdog(halted::countDown).arm(Duration.ofMillis(20));
        assertThat(halted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void leavesAStopAloneThatEnded() throws InterruptedException {
        CountDownLatch halted = new CountDownLatch(1);
        ShutdownWatchdog watchdog = new ShutdownWatchdog(halted::countDown);
        watchdog.disarm();
        watchdog.arm(Duration.ofMillis(1));
        assertThat(halted.await(100, TimeUnit.MILLISECONDS)).isFalse();
    }
}
