package io.weir.tiered.query.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The record `schema/<topic>` in `__weir_catalog`, version 1. Worked example:
/// `{"v":1,"topicId":"...","values":"OBJECTS","seenUpTo":10,"nextFieldId":15,"columns":[
/// {"name":"origin","key":"origin","id":13,"share":1.0,"type":"VARCHAR"},
/// {"name":"tags","key":"tags","id":14,"share":0.5,"type":{"list":"VARCHAR"}}]}`. Other types are
/// `{"decimal":2}` and `{"struct":[columns]}`.
public final class SchemaJson {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final int VERSION = 1;

    private SchemaJson() {}

    public static byte[] write(TopicSchema schema) {
        ObjectNode record = JSON.createObjectNode()
                .put("v", VERSION)
                .put("topicId", schema.topicId())
                .put("values", schema.values().name())
                .put("seenUpTo", schema.seenUpTo())
                .put("nextFieldId", schema.nextFieldId());
        writeColumns(record.putArray("columns"), schema.columns());
        return record.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// @throws IllegalArgumentException a version that this build does not know, or no schema at all
    public static TopicSchema read(byte[] record) {
        try {
            JsonNode schema = JSON.readTree(record);
            if (schema.path("v").asInt() != VERSION) {
                throw new IllegalArgumentException(
                        "Pinned schema: version " + VERSION + " is known, got " + schema.path("v") + ".");
            }
            return new TopicSchema(
                    schema.path("topicId").asText(),
                    TopicSchema.Values.valueOf(schema.path("values").asText()),
                    readColumns(schema.path("columns")),
                    schema.path("nextFieldId").asInt(),
                    schema.path("seenUpTo").asLong());
        } catch (IOException e) {
            throw new IllegalArgumentException("Pinned schema: no JSON.", e);
        }
    }

    private static void writeColumns(ArrayNode array, List<Column> columns) {
        for (Column column : columns) {
            ObjectNode node = array.addObject()
                    .put("name", column.name())
                    .put("key", column.key())
                    .put("id", column.fieldId())
                    .put("share", column.share());
            switch (column.type()) {
                case ColumnType.Scalar scalar -> node.put("type", scalar.name());
                case ColumnType.Decimal decimal -> node.putObject("type").put("decimal", decimal.scale());
                case ColumnType.Listing list -> writeElement(node.putObject("type"), list.element());
                case ColumnType.Struct struct ->
                    writeColumns(node.putObject("type").putArray("struct"), struct.fields());
            }
        }
    }

    private static void writeElement(ObjectNode type, ColumnType element) {
        if (element instanceof ColumnType.Decimal decimal) {
            type.putObject("list").put("decimal", decimal.scale());
        } else {
            type.put("list", element.sqlName());
        }
    }

    private static List<Column> readColumns(JsonNode array) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode node : array) {
            columns.add(new Column(
                    node.path("name").asText(),
                    node.path("key").asText(),
                    readType(node.path("type")),
                    node.path("id").asInt(),
                    node.path("share").asDouble()));
        }
        return columns;
    }

    private static ColumnType readType(JsonNode type) {
        if (type.isTextual()) {
            return ColumnType.Scalar.valueOf(type.asText());
        }
        if (type.has("decimal")) {
            return new ColumnType.Decimal(type.path("decimal").asInt());
        }
        if (type.has("list")) {
            return new ColumnType.Listing(readType(type.path("list")));
        }
        return new ColumnType.Struct(readColumns(type.path("struct")));
    }
}
