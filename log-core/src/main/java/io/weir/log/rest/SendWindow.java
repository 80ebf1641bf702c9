package io.weir.log.rest;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds what was sent to one client and has not left the node yet, in events and in bytes. One thread enters,
/// any thread leaves.
final class SendWindow {
    private final int mostBytes;
    private final Semaphore events;
    private final Semaphore bytes;

    SendWindow(int mostEvents, int mostBytes) {
        this.mostBytes = mostBytes;
        this.events = new Semaphore(mostEvents);
        this.bytes = new Semaphore(mostBytes);
    }

    /// Waits for room. An event larger than the window has it for itself.
    ///
    /// @return false when no room came up in that time: the client does not read
    boolean enter(int eventBytes, Duration atMost) throws InterruptedException {
        if (!events.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        if (!bytes.tryAcquire(charged(eventBytes), atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            events.release();
            return false;
        }
        return true;
    }

    void leave(int eventBytes) {
        bytes.release(charged(eventBytes));
        events.release();
    }

    private int charged(int eventBytes) {
        return Math.clamp(eventBytes, 1, mostBytes);
    }
}
