package io.weir.log.read;

import java.time.Duration;
import java.util.List;

/// Follows a topic. The reader's whole state is the vector each event carries; the log keeps nothing of it.
///
/// Used by one thread, but for [#wakeUp]. Nothing is fetched while nobody polls, so a slow caller costs no more
/// than one fetch of memory. Whoever opened it closes it.
public interface Tail extends AutoCloseable {
    /// Where to go on.
    OffsetVector vector();

    /// Waits for events.
    ///
    /// @return empty when nothing came in that time
    /// @throws org.apache.kafka.common.errors.WakeupException after [#wakeUp]
    List<TailEvent> poll(Duration atMost);

    /// Makes the thread that polls, now or next, leave with a `WakeupException`. For any thread.
    void wakeUp();

    @Override
    void close();
}
