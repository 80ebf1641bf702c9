package io.weir.tiered.query;

import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.CutPlan.FileRange;
import io.weir.tiered.query.process.ChildStatement;
import io.weir.tiered.query.schema.ColumnExpressions;
import io.weir.tiered.query.schema.ColumnExpressions.ViewColumn;
import io.weir.tiered.query.schema.TopicSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Turns cuts, files and schemas into the relations of a child's statement. Pure.
final class StatementPlan {
    private StatementPlan() {}

    /// @param hot the chunks of each topic
    static List<ChildStatement.Relation> relations(
            List<RelationName> names,
            Map<TopicName, CutPlan> plans,
            Map<TopicName, List<HotChunk>> hot,
            Map<TopicName, TopicSchema> schemas) {
        List<ChildStatement.Relation> relations = new ArrayList<>();
        for (RelationName name : names) {
            CutPlan plan = known(plans, name.topic());
            relations.add(relation(
                    name,
                    known(schemas, name.topic()),
                    parts(plan, name.half(), hot.getOrDefault(name.topic(), List.of()))));
        }
        return relations;
    }

    /// Relations over all rows of some files.
    static List<ChildStatement.Relation> over(
            List<RelationName> names, List<String> files, Map<TopicName, TopicSchema> schemas) {
        List<ChildStatement.Part> parts =
                files.isEmpty() ? List.of() : List.of(new ChildStatement.Part(files, Optional.empty()));
        return names.stream()
                .map(name -> relation(name, known(schemas, name.topic()), parts))
                .toList();
    }

    private static ChildStatement.Relation relation(
            RelationName name, TopicSchema schema, List<ChildStatement.Part> parts) {
        List<ChildStatement.Column> columns = new ArrayList<>();
        for (ViewColumn column : ColumnExpressions.of(schema)) {
            columns.add(new ChildStatement.Column(column.name(), column.expression()));
        }
        List<ChildStatement.FileColumn> inFiles = ColumnExpressions.inFiles(schema).stream()
                .map(column -> new ChildStatement.FileColumn(column.fieldId(), column.name(), column.type()))
                .toList();
        return new ChildStatement.Relation(name.written(), columns, inFiles, parts);
    }

    /// Files that count as a whole share one part without a filter; the others are grouped by their filter.
    static List<ChildStatement.Part> parts(CutPlan plan, Half half, List<HotChunk> hot) {
        Map<String, List<String>> byFilter = new LinkedHashMap<>();
        for (FileRange range : plan.coldFiles(half)) {
            String filter = range.whole() ? "" : filter(range.partition(), range.from(), range.to());
            byFilter.computeIfAbsent(filter, key -> new ArrayList<>())
                    .add(range.file().location().toString());
        }
        Map<Integer, OffsetRange> hotRanges = new TreeMap<>(plan.hotRanges(half));
        for (HotChunk chunk : hot) {
            OffsetRange wanted = hotRanges.get(chunk.partition());
            if (wanted == null || chunk.file().isEmpty() || !overlap(chunk.range(), wanted)) {
                continue;
            }
            boolean whole =
                    wanted.from() <= chunk.range().from() && chunk.range().to() <= wanted.to();
            String filter = whole ? "" : filter(chunk.partition(), wanted.from(), wanted.to());
            byFilter.computeIfAbsent(filter, key -> new ArrayList<>())
                    .add(chunk.file().get().toString());
        }
        List<ChildStatement.Part> parts = new ArrayList<>();
        byFilter.forEach((filter, files) ->
                parts.add(new ChildStatement.Part(files, filter.isEmpty() ? Optional.empty() : Optional.of(filter))));
        return parts;
    }

    private static boolean overlap(OffsetRange a, OffsetRange b) {
        return a.from() < b.to() && b.from() < a.to();
    }

    private static String filter(int partition, long from, long to) {
        return "_partition = " + partition + " AND _offset >= " + from + " AND _offset < " + to;
    }

    private static <T> T known(Map<TopicName, T> map, TopicName topic) {
        T value = map.get(topic);
        if (value == null) {
            throw new IllegalStateException("Topic '" + topic + "' was not planned.");
        }
        return value;
    }
}
