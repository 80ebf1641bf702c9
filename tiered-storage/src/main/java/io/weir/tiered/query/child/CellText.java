package io.weir.tiered.query.child;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/// One value of a result as JSON: what JavaScript's numbers cannot hold travels as a string.
///
/// Integers are numbers within +-(2^53 - 1), else strings; decimals are strings; doubles are numbers, but `"NaN"`,
/// `"Infinity"`, `"-Infinity"` strings; instants are ISO-8601 in UTC; bytes are base64; structs and lists nest.
final class CellText {
    private static final long LARGEST_EXACT = (1L << 53) - 1;
    private static final BigInteger LARGEST_EXACT_BIG = BigInteger.valueOf(LARGEST_EXACT);

    private CellText() {}

    static void write(JsonGenerator out, @Nullable Object value) throws IOException, SQLException {
        switch (value) {
            case null -> out.writeNull();
            case Boolean truth -> out.writeBoolean(truth);
            case Byte number -> out.writeNumber(number.intValue());
            case Short number -> out.writeNumber(number.intValue());
            case Integer number -> out.writeNumber(number);
            case Long number -> writeLong(out, number);
            case BigInteger number -> writeBig(out, number);
            case Float number -> writeDouble(out, number, number.toString());
            case Double number -> writeDouble(out, number, number.toString());
            case Array list -> writeList(out, list);
            case Struct struct -> writeStruct(out, struct);
            case Map<?, ?> map -> writeMap(out, map);
            default -> out.writeString(text(value));
        }
    }

    /// The same value outside JSON: strings bare, numbers as digits.
    static String text(Object value) throws SQLException {
        return switch (value) {
            case String text -> text;
            case BigDecimal number -> number.toPlainString();
            case OffsetDateTime instant -> DateTimeFormatter.ISO_INSTANT.format(instant);
            case Timestamp local -> iso(local.toLocalDateTime());
            case LocalDateTime local -> iso(local);
            case Blob bytes -> Base64.getEncoder().encodeToString(bytes.getBytes(1, Math.toIntExact(bytes.length())));
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            default -> value.toString();
        };
    }

    private static String iso(LocalDateTime local) {
        return local.getSecond() == 0 && local.getNano() == 0
                ? local.truncatedTo(ChronoUnit.MINUTES) + ":00"
                : local.toString();
    }

    private static void writeLong(JsonGenerator out, long number) throws IOException {
        if (number >= -LARGEST_EXACT && number <= LARGEST_EXACT) {
            out.writeNumber(number);
        } else {
            out.writeString(Long.toString(number));
        }
    }

    private static void writeBig(JsonGenerator out, BigInteger number) throws IOException {
        if (number.abs().compareTo(LARGEST_EXACT_BIG) <= 0) {
            out.writeNumber(number);
        } else {
            out.writeString(number.toString());
        }
    }

    private static void writeDouble(JsonGenerator out, double number, String shortest) throws IOException {
        if (Double.isFinite(number)) {
            out.writeNumber(shortest);
        } else {
            out.writeString(Double.toString(number));
        }
    }

    private static void writeList(JsonGenerator out, Array list) throws IOException, SQLException {
        out.writeStartArray();
        for (@Nullable Object element : (Object[]) list.getArray()) {
            write(out, element);
        }
        out.writeEndArray();
    }

    private static void writeStruct(JsonGenerator out, Struct struct) throws IOException, SQLException {
        if (struct instanceof DuckDBStruct named) {
            writeMap(out, named.getMap());
            return;
        }
        out.writeStartArray();
        for (@Nullable Object attribute : struct.getAttributes()) {
            write(out, attribute);
        }
        out.writeEndArray();
    }

    private static void writeMap(JsonGenerator out, Map<?, ?> map) throws IOException, SQLException {
        out.writeStartObject();
        for (Map.Entry<?, ?> member : map.entrySet()) {
            out.writeFieldName(member.getKey() == null ? "null" : text(member.getKey()));
            write(out, member.getValue());
        }
        out.writeEndObject();
    }
}
