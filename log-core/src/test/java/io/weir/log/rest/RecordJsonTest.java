package io.weir.log.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.read.ReadRecord;
import io.weir.log.record.RecordContent;
import io.weir.log.record.RecordHeader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordJsonTest {
    private static final byte[] NOT_UTF_8 = {(byte) 0xff, 1};

    @Test
    void showsPlaceTimeAndHeaders() {
        ReadRecord record = new ReadRecord(
                3,
                1200,
                Instant.parse("2001-01-01T00:00:00Z"),
                new RecordContent(
                        bytes("AA"),
                        bytes("{\"delay\": 1.10}"),
                        List.of(new RecordHeader("h", new byte[] {1, 2}), new RecordHeader("n", null))));

        assertThat(RecordJson.of(record, Decoding.AUTO))
                .hasToString("{\"partition\":3,\"offset\":1200,\"timestamp\":\"2001-01-01T00:00:00Z\","
                        + "\"key\":{\"type\":\"STRING\",\"data\":\"AA\"},"
                        + "\"value\":{\"type\":\"JSON\",\"data\":{\"delay\":1.10}},"
                        + "\"headers\":[{\"name\":\"h\",\"value\":\"AQI=\"},{\"name\":\"n\",\"value\":null}]}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1}|auto|{\"type\":\"JSON\",\"data\":{\"a\":1}}",
                "plain|auto|{\"type\":\"STRING\",\"data\":\"plain\"}",
                "{broken|auto|{\"type\":\"STRING\",\"data\":\"{broken\"}",
                "12345678901234567890123.10|auto|{\"type\":\"JSON\",\"data\":12345678901234567890123.10}",
                "{\"a\":1} x|auto|{\"type\":\"STRING\",\"data\":\"{\\\"a\\\":1} x\"}",
                "``|auto|{\"type\":\"STRING\",\"data\":\"\"}",
                "{\"a\":1}|text|{\"type\":\"STRING\",\"data\":\"{\\\"a\\\":1}\"}",
                "abc|base64|{\"type\":\"BINARY\",\"data\":\"YWJj\"}"
            })
    void decodesAValueAsAsked(String value, String decode, String expected) {
        ObjectNode json = shown(null, bytes(value), Decoding.parse(decode));

        assertThat(json.get("value")).hasToString(expected);
        assertThat(json.has("decode_error")).isFalse();
    }

    @Test
    void aKeyIsJsonOnlyAsAnObjectOrAList() {
        assertThat(shown(bytes("12"), null, Decoding.AUTO).get("key"))
                .hasToString("{\"type\":\"STRING\",\"data\":\"12\"}");
        assertThat(shown(bytes("{\"id\":12}"), null, Decoding.AUTO).get("key"))
                .hasToString("{\"type\":\"JSON\",\"data\":{\"id\":12}}");
    }

    @Test
    void nullIsNullAndNotEmpty() {
        assertThat(shown(null, null, Decoding.JSON).toString()).contains("\"key\":null,\"value\":null");
    }

    @Test
    void whatCannotBeDecodedComesAsBase64WithTheReason() {
        assertThat(shown(NOT_UTF_8, bytes("x"), Decoding.AUTO).toString())
                .contains("\"decode_error\":\"key: not UTF-8\"");
        assertThat(shown(null, NOT_UTF_8, Decoding.TEXT).toString())
                .contains("{\"type\":\"BINARY\",\"data\":\"/wE=\"}", "\"decode_error\":\"value: not UTF-8\"");
        assertThat(shown(bytes("AA"), bytes("{broken"), Decoding.JSON)
                        .get("decode_error")
                        .textValue())
                .startsWith("key: not JSON: ")
                .contains("; value: not JSON: ");
        assertThat(shown(null, new byte[0], Decoding.JSON).get("decode_error").textValue())
                .startsWith("value: not JSON: ");
    }

    private static ObjectNode shown(byte[] key, byte[] value, Decoding decoding) {
        return RecordJson.of(new ReadRecord(0, 0, Instant.EPOCH, new RecordContent(key, value, List.of())), decoding);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
