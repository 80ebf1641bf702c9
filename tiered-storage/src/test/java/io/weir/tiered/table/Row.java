package io.weir.tiered.table;

import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.data.Record;

/// One row of a table in a form that compares by content: bytes as hex.
///
/// @param headers `name=hex` or `name=null`
public record Row(int partition, long offset, Long timestampMillis, String key, List<String> headers, String value) {
    public static Row of(
            int partition, long offset, long timestampMillis, byte[] key, Map<String, byte[]> headers, byte[] value) {
        List<String> shown = new ArrayList<>();
        headers.forEach((name, bytes) -> shown.add(name + "=" + hex(bytes)));
        return new Row(partition, offset, timestampMillis, hex(key), shown, hex(value));
    }

    static Row of(Record record) {
        List<String> headers = new ArrayList<>();
        for (Object header : (List<?>) record.getField("_headers")) {
            Record entry = (Record) header;
            headers.add(entry.getField("key") + "=" + hex(bytes(entry.getField("value"))));
        }
        OffsetDateTime timestamp = (OffsetDateTime) record.getField("_timestamp");
        Object text = record.getField("_key");
        byte[] key = text == null
                ? bytes(record.getField("_key_raw"))
                : text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        byte[] value = bytes(record.getField("_raw"));
        if ((Boolean) record.getField("_tombstone") != (value == null)) {
            throw new AssertionError("a tombstone has no value, and only a tombstone: " + record);
        }
        return new Row(
                (Integer) record.getField("_log_partition"),
                (Long) record.getField("_offset"),
                timestamp == null ? null : timestamp.toInstant().toEpochMilli(),
                hex(key),
                headers,
                hex(value));
    }

    public static String hex(byte[] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }

    private static byte[] bytes(Object buffer) {
        if (buffer == null) {
            return null;
        }
        ByteBuffer copy = ((ByteBuffer) buffer).duplicate();
        byte[] bytes = new byte[copy.remaining()];
        copy.get(bytes);
        return bytes;
    }
}
