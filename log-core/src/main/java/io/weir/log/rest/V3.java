package io.weir.log.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.core.UriInfo;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The frame of answers in Confluent's v3 shape: `kind`, `metadata`, and `data` for lists.
final class V3 {
    private static final JsonMapper JSON = new JsonMapper();

    private V3() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static ArrayNode array() {
        return JSON.createArrayNode();
    }

    /// @param path below the server's root, without a leading slash
    static ObjectNode entity(UriInfo request, String kind, String path) {
        ObjectNode entity = object().put("kind", kind);
        entity.putObject("metadata").put("self", link(request, path));
        return entity;
    }

    static ObjectNode related(UriInfo request, String path) {
        return object().put("related", link(request, path));
    }

    /// @param next link to the next page; null on the last one
    static ObjectNode list(
            UriInfo request, String kind, String path, Collection<ObjectNode> data, @Nullable String next) {
        ObjectNode list = object().put("kind", kind);
        list.putObject("metadata")
                .put("self", link(request, path))
                .put("next", next == null ? null : link(request, next));
        list.putArray("data").addAll(data);
        return list;
    }

    static ObjectNode list(UriInfo request, String kind, String path, Collection<ObjectNode> data) {
        return list(request, kind, path, data, null);
    }

    static String link(UriInfo request, String path) {
        return request.getBaseUri().resolve(path).toString();
    }
}
