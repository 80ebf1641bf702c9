package io.weir.streams.dsl;

/// A stream job: one class, one job, with a public constructor without arguments.
///
/// ```java
/// public final class Revenue implements StreamJob {
///     record Click(String user, String type, BigDecimal amount) {}
///     record Sum(long n, BigDecimal total) {}
///
///     public void define(Flow flow) {
///         flow.stream("clicks", Click.class)
///                 .where(Click::type).is("click")
///                 .keyBy(Click::user)
///                 .window(tumbling("1m").grace("1m"))
///                 .aggregate(Sum.class, count("n"), sum(Click::amount, "total"))
///                 .to("revenue");
///     }
/// }
/// ```
@FunctionalInterface
public interface StreamJob {
    /// Says what the job does. Called once per plan, on the thread that plans; it only describes, no record
    /// is read here. A mistake is a [PlanRefused] that names the operator.
    void define(Flow flow);
}
