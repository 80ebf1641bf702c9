package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.RunningQuery;
import io.weir.tiered.query.SqlAnswer;
import io.weir.tiered.query.TopicCut;
import io.weir.tiered.query.process.RowSink.ResultColumn;
import io.weir.tiered.query.schema.Column;
import io.weir.tiered.query.schema.ColumnExpressions;
import io.weir.tiered.query.schema.ColumnType;
import io.weir.tiered.query.schema.TopicSchema;
import java.util.List;
import java.util.Map;

/// JSON forms of what SQL answers.
final class SqlJson {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private SqlJson() {}

    static ArrayNode columns(List<ResultColumn> columns) {
        ArrayNode array = JSON.createArrayNode();
        columns.forEach(column -> array.addObject().put("name", column.name()).put("type", column.type()));
        return array;
    }

    /// `{"flights":{"from":{"0":0},"to":{"0":1742},"cold":{"0":1500},"snapshot":null}}`
    static ObjectNode cut(Map<TopicName, TopicCut> cut) {
        ObjectNode topics = JSON.createObjectNode();
        cut.forEach((topic, rows) -> {
            ObjectNode described = topics.putObject(topic.value());
            ObjectNode from = described.putObject("from");
            ObjectNode to = described.putObject("to");
            ObjectNode cold = described.putObject("cold");
            described.putNull("snapshot");
            rows.partitions().forEach((partition, part) -> {
                from.put(partition.toString(), part.from());
                to.put(partition.toString(), part.to());
                cold.put(partition.toString(), part.cold());
            });
        });
        return topics;
    }

    static ObjectNode end(SqlAnswer answer) {
        ObjectNode end = JSON.createObjectNode().put("rowCount", answer.rows()).put("truncated", answer.truncated());
        end.putObject("stats")
                .put("filesPlanned", answer.stats().filesPlanned())
                .put("filesPruned", answer.stats().filesPruned())
                .put("bytesFetched", answer.stats().bytesFetched())
                .put("hotRecords", answer.stats().hotRecords())
                .put("elapsedMs", answer.stats().elapsedMillis());
        return end;
    }

    static ArrayNode running(List<RunningQuery> queries) {
        ArrayNode array = JSON.createArrayNode();
        for (RunningQuery query : queries) {
            array.addObject()
                    .put("id", query.id())
                    .put("principal", query.principal())
                    .put("stage", query.stage().name())
                    .put("elapsedMs", query.elapsedMillis())
                    .put("sql", query.sql());
        }
        return array;
    }

    static ObjectNode schema(TopicName topic, TopicSchema schema) {
        ObjectNode described = JSON.createObjectNode()
                .put("topic", topic.value())
                .put("topicId", schema.topicId())
                .put("values", schema.values().name());
        ArrayNode columns = described.putArray("columns");
        addColumns(columns, schema.columns(), "$");
        if (schema.values() == TopicSchema.Values.TEXT) {
            columns.addObject().put("name", "_value").put("type", "VARCHAR").put("origin", "value");
        }
        for (ColumnExpressions.ViewColumn column : ColumnExpressions.fixed()) {
            columns.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("origin", "record");
        }
        return described;
    }

    private static void addColumns(ArrayNode array, List<Column> columns, String parent) {
        for (Column column : columns) {
            String path = parent + "." + column.key();
            ObjectNode described = array.addObject()
                    .put("name", column.name())
                    .put("path", path)
                    .put("type", column.type().sqlName())
                    .put("origin", "sample")
                    .put("share", column.share())
                    .put("fieldId", column.fieldId());
            if (column.type() instanceof ColumnType.Struct struct) {
                addColumns(described.putArray("fields"), struct.fields(), path);
            }
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }
}
