package com.example.revenue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.example.revenue.RevenuePerShop.Order;
import com.example.revenue.RevenuePerShop.Revenue;
import io.weir.streams.testing.Row;
import io.weir.streams.testing.StreamScenario;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RevenuePerShopTest {
    @Test
    void ordersOfAMinuteAreOneLine() {
        try (StreamScenario scenario = StreamScenario.of(new RevenuePerShop())) {
            send(scenario, "1", "2026-01-01T00:00:05Z", "12.50");
            send(scenario, "2", "2026-01-01T00:00:55Z", "7.50");
            send(scenario, "3", "2026-01-01T00:01:30Z", "1.00");
            send(scenario, "4", "2026-01-01T00:00:59Z", "99.00");
            scenario.closeWindows();

            List<Revenue> lines = scenario.read("revenue", Revenue.class).stream()
                    .map(Row::row)
                    .toList();
            assertEquals(
                    List.of(new Revenue(2, new BigDecimal("20.00")), new Revenue(1, new BigDecimal("1.00"))), lines);
            assertEquals(1, scenario.late().size());
        }
    }

    private static void send(StreamScenario scenario, String id, String at, String amount) {
        scenario.at(at).send("orders", id, new Order(id, "corner", new BigDecimal(amount), Instant.parse(at)));
    }
}
