package io.weir.streams.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.job.life.States;
import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateRow;
import io.weir.streams.job.state.StoreInfo;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/// The JSON of `/jobs/{job}/stores`.
final class StateBodies {
    private static final JsonMapper JSON = new JsonMapper();

    private StateBodies() {}

    static ObjectNode stores(States.Here here) {
        ObjectNode body = JSON.createObjectNode().put("job", here.job()).put("version", here.version());
        if (here.restoring()) {
            body.put("restoring", here.left());
        }
        ArrayNode stores = body.putArray("stores");
        for (StoreInfo store : here.stores()) {
            stores.add(store(store));
        }
        return body;
    }

    static ObjectNode store(StoreInfo store) {
        ObjectNode body = JSON.createObjectNode().put("store", store.name()).put("kind", label(store));
        text(body, "stage", store.stage());
        text(body, "key", store.keyType());
        text(body, "value", store.valueType());
        if (store.entries() >= 0) {
            body.put("entries", store.entries()).put("bytes", store.bytes());
        }
        ArrayNode topics = body.putArray("topics");
        store.topics().forEach(topics::add);
        return body;
    }

    static String label(StoreInfo store) {
        return store.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void text(ObjectNode body, String name, String value) {
        if (!value.isEmpty()) {
            body.put(name, value);
        }
    }

    /// What every answer begins with.
    static ObjectNode answer(States.Here here, StoreInfo store) {
        return JSON.createObjectNode()
                .put("job", here.job())
                .put("version", here.version())
                .put("store", store.name())
                .put("kind", label(store));
    }

    /// Adds the rows of one node to an answer.
    static void add(ObjectNode body, StateAnswer.Rows answer) {
        for (StateRow row : answer.rows()) {
            body.withArray("rows").add(row(row));
        }
        ObjectNode position = body.withObject("position");
        new TreeMap<>(answer.position()).forEach(position::put);
        if (answer.settled() != null) {
            body.put("final", answer.settled());
        }
        if (answer.gateMillis() >= 0) {
            body.put("gate", Instant.ofEpochMilli(answer.gateMillis()).toString());
        }
    }

    private static ObjectNode row(StateRow row) {
        ObjectNode body = JSON.createObjectNode();
        body.set("key", row.key());
        StateRow.Span window = row.window();
        if (window != null) {
            body.putObject("window")
                    .put("start", window.start().toString())
                    .put("end", window.end().toString());
        }
        body.set("value", row.value());
        if (row.settled() != null) {
            body.put("final", row.settled());
        }
        return body;
    }
}
