package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.read.ReadRecord;
import io.weir.log.record.RecordContent;
import io.weir.log.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Shows a record as `{"partition":0,"offset":1200,"timestamp":"..","key":{"type":"STRING","data":"AA"},
/// "value":{"type":"JSON","data":{}},"headers":[]}`. What cannot be decoded as asked comes as base64, and
/// `decode_error` says why: one bad record never fails a read.
final class RecordJson {
    private static final ObjectReader WHOLE_JSON =
            JsonBody.EXACT.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private RecordJson() {}

    static ObjectNode of(ReadRecord record, Decoding decoding) {
        RecordContent content = record.content();
        Shown key = shown(content.key(), decoding, true);
        Shown value = shown(content.value(), decoding, false);
        ObjectNode json = V3.object()
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("timestamp", record.timestamp().toString());
        json.set("key", key.json());
        json.set("value", value.json());
        ArrayNode headers = json.putArray("headers");
        for (RecordHeader header : content.headers()) {
            byte[] bytes = header.value();
            headers.addObject()
                    .put("name", header.name())
                    .put("value", bytes == null ? null : Base64.getEncoder().encodeToString(bytes));
        }
        StringJoiner errors = new StringJoiner("; ");
        key.error().ifPresent(error -> errors.add("key: " + error));
        value.error().ifPresent(error -> errors.add("value: " + error));
        return errors.length() == 0 ? json : json.put("decode_error", errors.toString());
    }

    /// @param json null for null bytes
    private record Shown(@Nullable ObjectNode json, Optional<String> error) {
        static Shown of(String type, JsonNode data) {
            ObjectNode json = V3.object().put("type", type);
            json.set("data", data);
            return new Shown(json, Optional.empty());
        }

        static Shown text(String text) {
            return new Shown(V3.object().put("type", "STRING").put("data", text), Optional.empty());
        }

        static Shown binary(byte[] bytes, Optional<String> error) {
            String data = Base64.getEncoder().encodeToString(bytes);
            return new Shown(V3.object().put("type", "BINARY").put("data", data), error);
        }
    }

    private static Shown shown(byte @Nullable [] bytes, Decoding decoding, boolean isKey) {
        if (bytes == null) {
            return new Shown(null, Optional.empty());
        }
        if (decoding == Decoding.BASE64) {
            return Shown.binary(bytes, Optional.empty());
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return Shown.binary(bytes, Optional.of("not UTF-8"));
        }
        if (decoding == Decoding.TEXT) {
            return Shown.text(text);
        }
        try {
            JsonNode json = WHOLE_JSON.readValue(text);
            boolean keepsText = isKey && decoding == Decoding.AUTO && !json.isContainerNode();
            return keepsText ? Shown.text(text) : Shown.of("JSON", json);
        } catch (JsonProcessingException e) {
            return decoding == Decoding.JSON
                    ? Shown.binary(bytes, Optional.of("not JSON: " + e.getOriginalMessage()))
                    : Shown.text(text);
        }
    }
}
