package io.weir.tiered.segment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Where a cold segment came from: the ORIGIN section, a JSON object with these names. Readers pass over names
/// that they do not know.
///
/// @param writerVersion of the program that made the copy
/// @param topic the topic's name at copy time, for people
/// @param sourceBytes size of the local segment
/// @param endOffset last offset of the segment, as the broker told
/// @param brokerMaxTimestampMillis the broker's largest timestamp: never event time, commit markers count
/// @param indexInterval every n-th batch stands in the derived offset index; fixed for ever
/// @param records in data batches: rows
/// @param rawRecords rows whose value stands in `_raw`
/// @param verbatimBatches batches kept as they were
public record Origin(
        String writerVersion,
        String topic,
        long sourceBytes,
        long endOffset,
        long brokerMaxTimestampMillis,
        int indexInterval,
        long batches,
        long records,
        long rawRecords,
        long verbatimBatches) {
    private static final ObjectMapper JSON = new ObjectMapper();

    byte[] write() {
        ObjectNode node = JSON.createObjectNode();
        node.put("writerVersion", writerVersion)
                .put("topic", topic)
                .put("sourceBytes", sourceBytes)
                .put("endOffset", endOffset)
                .put("brokerMaxTimestampMillis", brokerMaxTimestampMillis)
                .put("indexInterval", indexInterval)
                .put("batches", batches)
                .put("records", records)
                .put("rawRecords", rawRecords)
                .put("verbatimBatches", verbatimBatches);
        try {
            return JSON.writeValueAsString(node).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Origin of a segment cannot be written as JSON.", e);
        }
    }

    static Origin read(byte[] section, String name) {
        try {
            JsonNode node = JSON.readTree(section);
            int interval = node.path("indexInterval").asInt(0);
            if (interval < 1) {
                throw new CorruptSegmentException(name + ": indexInterval must be positive, got " + interval + ".");
            }
            return new Origin(
                    node.path("writerVersion").asText(),
                    node.path("topic").asText(),
                    node.path("sourceBytes").asLong(),
                    node.path("endOffset").asLong(),
                    node.path("brokerMaxTimestampMillis").asLong(),
                    interval,
                    node.path("batches").asLong(),
                    node.path("records").asLong(),
                    node.path("rawRecords").asLong(),
                    node.path("verbatimBatches").asLong());
        } catch (IOException e) {
            throw new CorruptSegmentException(name + ": is no JSON.", e);
        }
    }
}
