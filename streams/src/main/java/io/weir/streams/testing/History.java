package io.weir.streams.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A slice of a topic's real history as a test's input. The test method takes a [HistorySlice]; several annotations
/// make one slice of several topics.
///
/// ```java
/// @Test
/// @History(topic = "airports")
/// @History(topic = "flights", from = "2001-01-01T00:00:00Z", to = "2001-01-02T00:00:00Z")
/// void onlyLateMinutesDiffer(HistorySlice history) {
///     history.compare(new DelaysByHour(), new OfficialDelaysByHour(), "delays_by_hour")
///             .requireEqualBut(row -> row.onlyDiffersIn("delayMinutes"));
/// }
/// ```
///
/// History is read from [#source()]: a running node, `http://localhost:8080`, or, with `weir-testing`
/// beside the test, the folder of an archive, `file:///data/archive`.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Histories.class)
@ExtendWith(HistoryExtension.class)
public @interface History {
    /// The topic.
    String topic();

    /// Records with an earlier timestamp are left out; empty takes all from the beginning. ISO-8601.
    String from() default "";

    /// Records with this timestamp or a later one are left out; empty takes all to the end. ISO-8601.
    String to() default "";

    /// URI of a node or an archive. Empty: the configuration parameter `weir.history`, for example
    /// `-Dweir.history=file:///data/archive`.
    String source() default "";
}
