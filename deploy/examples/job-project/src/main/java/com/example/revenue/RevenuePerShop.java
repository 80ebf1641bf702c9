package com.example.revenue;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;
import java.math.BigDecimal;
import java.time.Instant;

/// What each shop has earned in each minute. Orders that come more than ten seconds late go to a topic of their own.
public final class RevenuePerShop implements StreamJob {
    /// One order, as it stands in topic `orders`.
    public record Order(String id, String shop, BigDecimal amount, Instant at) {}

    /// One line of `revenue`.
    public record Revenue(long orders, BigDecimal total) {}

    @Override
    public void define(Flow flow) {
        flow.stream("orders", Order.class)
                .eventTime(Order::at)
                .keyBy(Order::shop)
                .window(tumbling("1m").grace("10s").late("orders_late"))
                .aggregate(Revenue.class, count("orders"), sum(Order::amount, "total"))
                .to("revenue");
    }
}
