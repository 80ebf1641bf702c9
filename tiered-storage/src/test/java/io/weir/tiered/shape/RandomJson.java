package io.weir.tiered.shape;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Random JSON documents of one topic: a common set of keys, one way of writing, and now and then something that is
/// not quite JSON.
public final class RandomJson {
    private static final String[] KEYS = {"id", "ID", "a", "b", "_key", "a.b", "", "имя", "q\\\"uote", "x", "list", "at"
    };
    private static final String[] STRANGE = {
        "1e3",
        "-0",
        "017",
        "1234567890123456789",
        "-0.0",
        "1.50",
        "0.1e-5",
        "+1",
        "1.",
        ".5",
        "\"\\/\"",
        "\"\\u0041\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\u001f\"",
        "\"\\u001F\"",
        "\"tab\\t\"",
        "\"<b>\"",
        "\"\\u003cb\\u003e\"",
        "tru",
        "nul",
        "\"open",
        "[1,\"a\"]",
        "[1,null,3]",
        "[null]",
        "[]",
        "[ ]",
        "{}",
        "[[1],[]]",
        "[{\"a\":1},{}]",
        "[{\"a\":1},null]",
        "1.7976931348623157e308",
        "5e-324",
        "1E400",
        "100000000000000000000",
        "9007199254740993",
        "\"2001-01-01\"",
        "\"2001-02-30\"",
        "\"2001-01-01T00:01:00\"",
        "\"2001-01-01T24:00:00Z\"",
        "0.30000000000000004",
        "\"2001-01-01T00:01:00.123456Z\"",
        "\"123e4567-e89b-12d3-a456-426614174000\"",
        "1.0",
        "3",
        "3.0",
        "1e-07",
        "\"123E4567-e89b-12d3-a456-426614174000\"",
        "\"\u2028\"",
        "\"\\u2028\"",
        "\"\uD83D\uDE00\"",
        "\"é\"",
        "\"\\u00e9\""
    };

    private final Random random;
    private final boolean wide;
    private final boolean pretty;
    private final int topic;

    public RandomJson(Random random) {
        this.random = random;
        this.wide = random.nextBoolean();
        this.pretty = random.nextInt(5) == 0;
        this.topic = random.nextInt(1000);
    }

    public byte[] next() {
        byte[] text = document().getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(24)) {
            case 0 -> Arrays.copyOf(text, random.nextInt(text.length + 1));
            case 1 -> flipped(text);
            case 2 -> (document() + " ").getBytes(StandardCharsets.UTF_8);
            case 3 -> strange().getBytes(StandardCharsets.UTF_8);
            case 4 ->
                ("[".repeat(random.nextInt(80)) + "1" + "]".repeat(random.nextInt(80)))
                        .getBytes(StandardCharsets.UTF_8);
            default -> text;
        };
    }

    private byte[] flipped(byte[] text) {
        if (text.length > 0) {
            text[random.nextInt(text.length)] = (byte) random.nextInt(256);
        }
        return text;
    }

    private String document() {
        return random.nextInt(30) == 0 ? value(3) : object(3);
    }

    private String strange() {
        return STRANGE[random.nextInt(STRANGE.length)];
    }

    private String object(int depth) {
        List<String> keys = new ArrayList<>(List.of(KEYS));
        if (random.nextInt(8) == 0) {
            Collections.shuffle(keys, random);
        }
        int count = random.nextInt(4) == 0 ? random.nextInt(keys.size()) : 6;
        List<String> members = new ArrayList<>();
        for (String key : keys.subList(0, count)) {
            members.add('"' + key + (wide ? "\": " : "\":") + member(key, depth - 1));
        }
        if (random.nextInt(40) == 0) {
            members.add("\"a\":" + value(0));
        }
        return joined("{", members, "}", depth);
    }

    /// Mostly of the kind that the key has in this topic.
    private String member(String key, int depth) {
        return random.nextInt(40) == 0 ? value(depth) : random.nextInt(12) == 0 ? "null" : of(kind(key), depth);
    }

    private int kind(String key) {
        return Math.floorMod(key.hashCode() * 31 + topic, 7);
    }

    private String array(int depth) {
        List<String> elements = new ArrayList<>();
        boolean mixed = random.nextInt(10) == 0;
        int kind = Math.floorMod(topic + depth, 7);
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            elements.add(
                    kind != 4 && random.nextInt(10) == 0 ? "null" : mixed ? value(depth - 1) : of(kind, depth - 1));
        }
        return joined("[", elements, "]", depth);
    }

    private String joined(String open, List<String> parts, String close, int depth) {
        String pad = pretty ? "\n" + "  ".repeat(4 - Math.min(4, depth)) : "";
        return open
                + (parts.isEmpty() ? "" : pad)
                + String.join("," + (pretty ? pad : wide ? " " : ""), parts)
                + (parts.isEmpty() ? "" : pad)
                + close;
    }

    private String value(int depth) {
        return random.nextInt(20) == 0 ? strange() : of(random.nextInt(7), depth);
    }

    private String of(int kind, int depth) {
        return switch (kind) {
            case 0 -> Long.toString(random.nextInt(3) == 0 ? random.nextLong() / 1000 : random.nextInt(1000));
            case 1 -> number();
            case 2 -> '"' + word() + '"';
            case 3 -> random.nextBoolean() ? "true" : "null";
            case 4 -> depth > 0 ? object(depth) : "{}";
            case 5 -> depth > 0 ? array(depth) : "[]";
            default ->
                "\"2018-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(10) + "T10:20:3" + random.nextInt(10)
                        + "Z\"";
        };
    }

    private String number() {
        return switch (random.nextInt(4)) {
            case 0 -> Double.toString(random.nextGaussian() * 1e4);
            case 1 -> String.format(java.util.Locale.ROOT, "%.2f", random.nextGaussian() * 100);
            case 2 -> Float.toString(random.nextInt(1000) / 4f);
            default -> Double.toString(Math.round(random.nextGaussian() * 1e6) / 1e4);
        };
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return switch (random.nextInt(12)) {
            case 0 -> word + "é\uD83D\uDE00";
            case 1 -> word + "\\n\\\"\\\\";
            case 2 -> word + "<&>'";
            default -> word.toString();
        };
    }
}
