package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.TierNow;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.table.LakeTables;
import java.util.List;
import java.util.Optional;

/// The JSON bodies of `/archive`.
final class ArchiveBodies {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ArchiveBodies() {}

    /// One topic in the list: sums only.
    static ObjectNode summary(ArchivedTopic topic, boolean archiving) {
        List<ArchivedTopic.Segment> segments = segments(topic);
        long original = segments.stream()
                .mapToLong(ArchivedTopic.Segment::originalBytes)
                .sum();
        long stored =
                segments.stream().mapToLong(ArchivedTopic.Segment::storedBytes).sum();
        ObjectNode body = JSON.objectNode();
        body.put("topic", topic.topic())
                .put("topicId", topic.topicId().toString())
                .put("archiving", archiving)
                .put("segmentCount", segments.size())
                .put(
                        "records",
                        segments.stream()
                                .mapToLong(segment -> segment.origin().records())
                                .sum())
                .put("originalBytes", original)
                .put("storedBytes", stored);
        if (stored > 0) {
            body.put("ratio", Math.round(100.0 * original / stored) / 100.0);
        }
        return body;
    }

    /// One topic in full.
    static ObjectNode full(ArchivedTopic topic, boolean archiving, Optional<LakeTables.Summary> lake) {
        ObjectNode body = summary(topic, archiving);
        lake.ifPresent(table -> body.set("table", table(table)));
        ArrayNode partitions = body.putArray("partitions");
        ArrayNode segments = body.putArray("segments");
        topic.partitions().values().forEach(partition -> {
            partitions
                    .addObject()
                    .put("partition", partition.partition())
                    .put("logStart", partition.logStart())
                    .put("hotFrom", partition.committed())
                    .put("segmentCount", partition.segments().size());
            partition.segments().forEach(segment -> segments.add(segment(segment)));
        });
        return body;
    }

    /// A snapshot id is a text: most JSON readers lose the last digits of 64 bits.
    private static ObjectNode table(LakeTables.Summary table) {
        ObjectNode body = JSON.objectNode().put("name", table.table());
        if (table.snapshotId().isPresent()) {
            body.put("snapshotId", Long.toString(table.snapshotId().getAsLong()));
        }
        body.put("metadata", table.metadataLocation());
        ObjectNode offsets = body.putObject("offsets");
        table.offsets().next().forEach((partition, offset) -> offsets.put(Integer.toString(partition), offset));
        return body;
    }

    private static ObjectNode segment(ArchivedTopic.Segment segment) {
        ObjectNode body = JSON.objectNode();
        body.put("partition", segment.address().partition())
                .put("segment", segment.address().segment().toString())
                .put("firstOffset", segment.firstOffset())
                .put("lastOffset", segment.endOffset())
                .put("batches", segment.origin().batches())
                .put("verbatimBatches", segment.origin().verbatimBatches())
                .put("records", segment.origin().records())
                .put("originalBytes", segment.originalBytes())
                .put("storedBytes", segment.storedBytes());
        ArrayNode files = body.putArray("files");
        segment.files().forEach(file -> files.add(file(file)));
        return body;
    }

    private static ObjectNode file(DataFile file) {
        return JSON.objectNode()
                .put("path", file.path())
                .put("bytes", file.lengthBytes())
                .put("rows", file.rows())
                .put("firstOffset", file.firstOffset())
                .put("lastOffset", file.lastOffset())
                .put("rowGroups", file.rowGroups().size())
                .put("sha256", file.sha256());
    }

    static ObjectNode progress(TierNow.Progress progress) {
        ObjectNode body = JSON.objectNode();
        body.put("topic", progress.topic()).put("state", progress.state().name());
        ArrayNode partitions = body.putArray("partitions");
        progress.partitions()
                .forEach(partition -> partitions
                        .addObject()
                        .put("partition", partition.partition())
                        .put("target", partition.target())
                        .put("tiered", partition.tiered()));
        return body;
    }

    private static List<ArchivedTopic.Segment> segments(ArchivedTopic topic) {
        return topic.partitions().values().stream()
                .flatMap(partition -> partition.segments().stream())
                .toList();
    }
}
