package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.produce.NewRecord;
import io.weir.log.record.RecordContent;
import io.weir.log.record.RecordHeader;
import io.weir.log.topic.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads records to be produced: `{"partition_id":0,"headers":[{"name":"h","value":"<base64>"}],
/// "key":{"type":"STRING","data":"AA"},"value":{"type":"JSON","data":{}},"timestamp":"2026-01-31T00:00:00Z"}`.
/// All members are optional; a `key` or `value` that is absent or null, or whose `data` is null, is null bytes.
final class ProduceBody {
    private static final Set<String> MEMBERS = Set.of("partition_id", "headers", "key", "value", "timestamp");
    private static final Set<String> HEADER_MEMBERS = Set.of("name", "value");
    private static final Set<String> DATA_MEMBERS = Set.of("type", "data");
    private static final List<String> TYPES = List.of("BINARY", "JSON", "STRING");

    private final TopicName topic;
    private final int partitions;

    /// @param partitions of the topic
    ProduceBody(TopicName topic, int partitions) {
        this.topic = topic;
        this.partitions = partitions;
    }

    /// All records of a body. When one of them is wrong none is returned, so that nothing is written.
    ///
    /// @throws WeirException `produce-record-invalid`, naming the record by its place in the body
    List<NewRecord> parse(byte[] body) throws JsonProcessingException {
        List<ObjectNode> objects = JsonBody.objects(body);
        List<NewRecord> records = new ArrayList<>();
        for (ObjectNode object : objects) {
            records.add(record(object, objects.size() == 1 ? "Record" : "Record " + (records.size() + 1)));
        }
        return records;
    }

    private NewRecord record(ObjectNode object, String subject) {
        JsonBody.requireMembers(object, MEMBERS, subject);
        OptionalInt partition = JsonBody.number(object, "partition_id", subject);
        if (partition.isPresent() && (partition.getAsInt() < 0 || partition.getAsInt() >= partitions)) {
            throw invalid(
                    subject,
                    "member 'partition_id': topic '" + topic + "' has the partitions 0 to " + (partitions - 1)
                            + ", got " + partition.getAsInt() + ".");
        }
        return new NewRecord(
                topic,
                partition.isPresent() ? partition.getAsInt() : null,
                timestamp(object.get("timestamp"), subject),
                new RecordContent(
                        bytes(object.get("key"), subject, "key"),
                        bytes(object.get("value"), subject, "value"),
                        headers(object.get("headers"), subject)));
    }

    private static byte @Nullable [] bytes(@Nullable JsonNode node, String subject, String member) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!(node instanceof ObjectNode content) || !content.has("data")) {
            throw invalid(
                    subject,
                    "member '" + member + "': must be like {\"type\":\"STRING\",\"data\":\"..\"}, got "
                            + shortened(node) + ".");
        }
        JsonBody.requireMembers(content, DATA_MEMBERS, subject + ", member '" + member + "'");
        JsonNode data = content.path("data");
        if (data.isNull()) {
            return null;
        }
        String type = content.path("type").asText("");
        return switch (type) {
            case "JSON" -> data.toString().getBytes(StandardCharsets.UTF_8);
            case "STRING" -> text(data, subject, member).getBytes(StandardCharsets.UTF_8);
            case "BINARY" -> base64(text(data, subject, member), subject, "member '" + member + "'");
            default ->
                throw invalid(
                        subject,
                        "member '" + member + "': type must be one of " + TYPES + ", got '" + type + "'."
                                + NearestName.hint(TYPES, type));
        };
    }

    private static List<RecordHeader> headers(@Nullable JsonNode node, String subject) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!(node instanceof ArrayNode list)) {
            throw invalid(subject, "member 'headers': must be a list, got " + shortened(node) + ".");
        }
        List<RecordHeader> headers = new ArrayList<>();
        for (JsonNode item : list) {
            if (!(item instanceof ObjectNode header) || !header.path("name").isTextual()) {
                throw invalid(subject, "member 'headers': each must have a 'name', got " + shortened(item) + ".");
            }
            JsonBody.requireMembers(header, HEADER_MEMBERS, subject + ", member 'headers'");
            String name = header.path("name").textValue();
            JsonNode value = header.get("value");
            headers.add(new RecordHeader(
                    name,
                    value == null || value.isNull()
                            ? null
                            : base64(text(value, subject, "headers"), subject, "header '" + name + "'")));
        }
        return headers;
    }

    private static @Nullable Instant timestamp(@Nullable JsonNode node, String subject) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0) {
            return Instant.ofEpochMilli(node.longValue());
        }
        try {
            return OffsetDateTime.parse(node.asText()).toInstant();
        } catch (DateTimeException e) {
            throw invalid(
                    subject,
                    "member 'timestamp': must be an instant like \"2026-01-31T00:00:00Z\" or milliseconds since 1970,"
                            + " got " + shortened(node) + ".");
        }
    }

    private static String text(JsonNode data, String subject, String member) {
        if (!data.isTextual()) {
            throw invalid(
                    subject,
                    "member '" + member + "': data must be a string here, got " + shortened(data)
                            + ". Send type JSON for JSON.");
        }
        return data.textValue();
    }

    private static byte[] base64(String text, String subject, String place) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw invalid(subject, place + ": must be base64, " + e.getMessage() + ".");
        }
    }

    private static String shortened(JsonNode node) {
        String text = node.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static WeirException invalid(String subject, String words) {
        return new WeirException("produce-record-invalid", Whose.USER, subject + ", " + words);
    }
}
