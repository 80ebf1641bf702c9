package io.weir.connect.library.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Picks chosen fields out of JSON objects as text, in one pass and without a tree.
final class JsonCells {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final Node root = new Node();
    private final boolean closed;

    /// A name on the way to cells: of a cell itself, of an object with cells inside, or both.
    private static final class Node {
        private final Map<String, Node> fields = new HashMap<>();
        private final List<Integer> cells = new ArrayList<>();
    }

    private JsonCells(boolean closed) {
        this.closed = closed;
    }

    /// Ignores fields that nobody asked for.
    static JsonCells open() {
        return new JsonCells(false);
    }

    /// Refuses objects that have a field which nobody asked for.
    static JsonCells closed(List<String> names) {
        JsonCells cells = new JsonCells(true);
        for (int i = 0; i < names.size(); i++) {
            cells.root
                    .fields
                    .computeIfAbsent(names.get(i), name -> new Node())
                    .cells
                    .add(i);
        }
        return cells;
    }

    /// Puts the field at `path`, names joined by dots, into cell `cell`.
    void add(String path, int cell) {
        Node node = root;
        for (String name : path.split("\\.", -1)) {
            node = node.fields.computeIfAbsent(name, unused -> new Node());
        }
        node.cells.add(cell);
    }

    boolean isEmpty() {
        return root.fields.isEmpty();
    }

    /// Fills `cells` from `json`; cells of fields that are absent or null keep what they hold.
    void fill(byte[] json, @Nullable String[] cells, String part) throws BadRecord {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRecord("the " + part + " is no JSON object");
            }
            object(parser, root, json, cells, closed);
            if (parser.nextToken() != null) {
                throw new BadRecord("the " + part + " is more than one JSON object");
            }
        } catch (IOException e) {
            throw new BadRecord("the " + part + " is no valid JSON");
        }
    }

    /// The names of the outermost fields, in their order.
    static List<String> names(byte[] json) throws BadRecord {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRecord("the value is no JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
            return names.stream().distinct().toList();
        } catch (IOException e) {
            throw new BadRecord("the value is no valid JSON");
        }
    }

    private static void object(JsonParser parser, Node node, byte[] json, @Nullable String[] cells, boolean closed)
            throws IOException, BadRecord {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            Node field = node.fields.get(name);
            JsonToken token = parser.nextToken();
            if (field == null && closed) {
                throw new BadRecord("the value has a field that the file has no column for, '" + name
                        + "'; name the columns in 'columns'");
            }
            if (field == null) {
                parser.skipChildren();
                continue;
            }
            String text = text(parser, token, field, json, cells);
            for (int cell : field.cells) {
                cells[cell] = text;
            }
        }
    }

    private static @Nullable String text(
            JsonParser parser, JsonToken token, Node field, byte[] json, @Nullable String[] cells)
            throws IOException, BadRecord {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (!token.isStructStart()) {
            return parser.getText();
        }
        int from = (int) parser.currentTokenLocation().getByteOffset();
        if (token == JsonToken.START_OBJECT && !field.fields.isEmpty()) {
            object(parser, field, json, cells, false);
        } else {
            parser.skipChildren();
        }
        int to = (int) parser.currentLocation().getByteOffset();
        return field.cells.isEmpty() ? null : new String(json, from, to - from, StandardCharsets.UTF_8);
    }
}
