package io.weir.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cli.demo.FlightsFile.OriginHour;
import io.weir.cli.demo.FlightsFile.Totals;
import io.weir.cli.node.Api;
import java.util.HashMap;
import java.util.Map;

/// What the demo asks in SQL.
final class DemoSql {
    private DemoSql() {}

    static JsonNode query(Api api, String sql, int maxRows) {
        return api.post("/sql", Api.JSON.createObjectNode().put("sql", sql).put("maxRows", maxRows));
    }

    /// All flights by origin and hour, over hot and cold.
    ///
    /// @param minutes what counts of a flight
    static Map<OriginHour, Totals> hours(Api api, String minutes) {
        JsonNode groups = query(
                api,
                "SELECT origin, epoch_ms(date_trunc('hour', date)) AS hour, count(*) AS flights, sum(" + minutes
                        + ") AS delay FROM flights GROUP BY ALL",
                1_000_000);
        Map<OriginHour, Totals> hours = new HashMap<>();
        for (JsonNode row : groups.path("rows")) {
            hours.put(
                    new OriginHour(row.path(0).asText(), row.path(1).asLong()),
                    new Totals(row.path(2).asLong(), row.path(3).asLong()));
        }
        return hours;
    }
}
