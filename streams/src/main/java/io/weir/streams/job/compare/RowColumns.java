package io.weir.streams.job.compare;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rows by their columns: what is JSON by its members, everything else as one text.
final class RowColumns {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RowColumns() {}

    static JsonNode tree(byte @Nullable [] bytes) {
        if (bytes == null) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            return JsonNodeFactory.instance.textNode(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    /// The end of the window that a key names; empty for a key without one.
    static OptionalLong windowEndMillis(byte[] key) {
        return instant(key, "window_end");
    }

    /// The start of the window that a key names; empty for a key without one.
    static OptionalLong windowStartMillis(byte[] key) {
        return instant(key, "window_start");
    }

    private static OptionalLong instant(byte[] key, String member) {
        if (key.length == 0 || key[0] != '{') {
            return OptionalLong.empty();
        }
        JsonNode at = tree(key).path(member);
        try {
            return at.isTextual()
                    ? OptionalLong.of(Instant.parse(at.textValue()).toEpochMilli())
                    : OptionalLong.empty();
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }

    static boolean equal(ResultRow left, ResultRow right, CompareRules rules) {
        if (Objects.equals(left.value(), right.value())) {
            return true;
        }
        if (rules.tolerance().isEmpty() && rules.ignore().isEmpty()) {
            return false;
        }
        if (!(tree(left.bytes()) instanceof ObjectNode ours) || !(tree(right.bytes()) instanceof ObjectNode theirs)) {
            return false;
        }
        Set<String> columns = new HashSet<>();
        ours.fieldNames().forEachRemaining(columns::add);
        theirs.fieldNames().forEachRemaining(columns::add);
        columns.removeAll(rules.ignore());
        return columns.stream()
                .allMatch(column -> equal(ours.path(column), theirs.path(column), rules.tolerance(), column));
    }

    /// A decimal may be written as a string, see the format of rows.
    private static boolean equal(JsonNode left, JsonNode right, Map<String, BigDecimal> tolerance, String column) {
        BigDecimal most = tolerance.get(column);
        if (left.equals(right) || most == null) {
            return left.equals(right);
        }
        try {
            return new BigDecimal(left.asText())
                            .subtract(new BigDecimal(right.asText()))
                            .abs()
                            .compareTo(most)
                    <= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /// A column of a row or its key.
    static JsonNode column(byte[] key, @Nullable ResultRow row, String name) {
        JsonNode value =
                row == null ? MissingNode.getInstance() : tree(row.bytes()).path(name);
        return value.isMissingNode() ? keyColumn(key, name) : value;
    }

    private static JsonNode keyColumn(byte[] key, String name) {
        JsonNode tree = tree(key);
        return tree.isObject() ? tree.path(name) : name.equals("key") ? tree : MissingNode.getInstance();
    }
}
