package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A removal as users and the registry read it.
public final class RemovalJson {
    private RemovalJson() {}

    public static ObjectNode of(Removal removal) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        texts(body.putArray("groups"), removal.groups());
        texts(body.putArray("topics"), removal.topics());
        texts(body.putArray("keptTopics"), removal.keptTopics());
        texts(body.putArray("state"), removal.applicationIds());
        texts(body.putArray("artifacts"), removal.artifacts());
        return body;
    }

    private static void texts(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }
}
