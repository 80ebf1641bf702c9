package io.weir.tiered.query.schema;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What was seen at one path of the sampled values: how often which kind of JSON value. One thread.
final class ValueShape {
    /// Deeper objects and wider ones become JSON columns.
    private static final int DEEPEST = 8;

    private static final int WIDEST = 1000;

    static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    static final Pattern INSTANT_TEXT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z");

    long values;
    long integers;
    long numbers;
    long exponents;
    long wideNumbers;
    long booleans;
    long uuids;
    long instants;
    long strings;
    long objects;
    long arrays;

    /// Digits after the point -> how often.
    final Map<Integer, Long> scales = new TreeMap<>();

    /// Most digits of a fraction, in all.
    int mostDigits;

    /// Members of objects, in the order of their first appearance.
    final Map<String, ValueShape> members = new LinkedHashMap<>();

    /// Whether there were more members, or deeper ones, than are followed.
    boolean overflowing;

    private @Nullable ValueShape elements;

    @Nullable
    ValueShape elements() {
        return elements;
    }

    /// Takes the value at the parser's current token, and leaves the parser at its last token.
    void add(JsonParser parser, int depth) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        values++;
        switch (token) {
            case VALUE_NUMBER_INT -> addInteger(parser.getText());
            case VALUE_NUMBER_FLOAT -> addFraction(parser.getText());
            case VALUE_TRUE, VALUE_FALSE -> booleans++;
            case VALUE_STRING -> addString(parser.getText());
            case START_OBJECT -> addObject(parser, depth);
            case START_ARRAY -> addArray(parser, depth);
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, VALUE_NULL ->
                throw new IOException("JSON value expected, got " + token + ".");
        }
    }

    private void addInteger(String text) {
        int digits = text.length() - (text.startsWith("-") ? 1 : 0);
        if (digits > 18) {
            wideNumbers++;
        } else {
            integers++;
            numbers++;
            mostDigits = Math.max(mostDigits, digits);
        }
    }

    private void addFraction(String text) {
        numbers++;
        int point = text.indexOf('.');
        if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0 || point < 0) {
            exponents++;
            return;
        }
        scales.merge(text.length() - point - 1, 1L, Long::sum);
        mostDigits = Math.max(mostDigits, text.length() - 1 - (text.startsWith("-") ? 1 : 0));
    }

    private void addString(String text) {
        strings++;
        if (UUID_TEXT.matcher(text).matches()) {
            uuids++;
        } else if (INSTANT_TEXT.matcher(text).matches()) {
            instants++;
        }
    }

    private void addObject(JsonParser parser, int depth) throws IOException {
        objects++;
        if (depth >= DEEPEST) {
            overflowing = true;
            parser.skipChildren();
            return;
        }
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            ValueShape member = seen.add(key) ? member(key) : null;
            if (member == null) {
                parser.skipChildren();
            } else {
                member.add(parser, depth + 1);
            }
        }
    }

    private @Nullable ValueShape member(String key) {
        ValueShape known = members.get(key);
        if (known == null && members.size() < WIDEST) {
            known = new ValueShape();
            members.put(key, known);
        } else if (known == null) {
            overflowing = true;
        }
        return known;
    }

    private void addArray(JsonParser parser, int depth) throws IOException {
        arrays++;
        ValueShape each = elements;
        if (each == null) {
            each = new ValueShape();
            elements = each;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            each.add(parser, depth + 1);
        }
    }
}
