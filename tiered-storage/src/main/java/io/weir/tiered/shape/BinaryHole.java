package io.weir.tiered.shape;

import io.weir.tiered.segment.Utf8;
import java.util.Arrays;

/// Holes in Avro's binary encoding. A hole may stand for a whole union of null and one type: its branch number is
/// then part of the hole.
final class BinaryHole {
    static final int NEVER_NULL = 0;
    static final int NULL_FIRST = 1;
    static final int NULL_SECOND = 2;
    /// Milliseconds that fill a TIMESTAMP.
    static final int MILLIS = 4;
    /// Bytes that must be UTF-8.
    static final int TEXT = 8;

    private static final int NULLS = 3;
    private static final int NO_MATCH = -1;

    private BinaryHole() {}

    /// The zigzag number at `at`; only what `varintEnd` accepts has a meaning.
    static long varint(byte[] text, int at, int end) {
        long value = 0;
        for (int i = 0; i < 10 && at + i < end; i++) {
            byte read = text[at + i];
            value |= (read & 0x7FL) << (7 * i);
            if (read >= 0) {
                break;
            }
        }
        return (value >>> 1) ^ -(value & 1);
    }

    static int varintEnd(byte[] text, int at, int end) {
        for (int i = at; i < end && i < at + 10; i++) {
            if (text[i] >= 0) {
                return i + 1;
            }
        }
        return NO_MATCH;
    }

    static void putVarint(long value, TextOut out) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            out.put((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.put((int) rest);
    }

    static int match(Step step, byte[] text, int start, int end, LeafBuffer leaves) {
        int at = start;
        int nulls = step.style() & NULLS;
        if (nulls != NEVER_NULL) {
            if (at >= end || (text[at] != 0 && text[at] != 2)) {
                return NO_MATCH;
            }
            boolean second = text[at++] == 2;
            if (second == (nulls == NULL_SECOND)) {
                leaves.addNull();
                return at;
            }
        }
        return switch (step.op()) {
            case Step.VARINT -> {
                int next = varintEnd(text, at, end);
                long value = varint(text, at, end) * step.factor();
                leaves.addNumber(value);
                yield next;
            }
            case Step.FLOAT64 -> {
                leaves.addNumber(little(text, at, 8, end));
                yield at + 8 <= end ? at + 8 : NO_MATCH;
            }
            case Step.FLOAT32 -> {
                float value = Float.intBitsToFloat((int) little(text, at, 4, end));
                leaves.addNumber(Double.doubleToRawLongBits(value));
                yield at + 4 <= end ? at + 4 : NO_MATCH;
            }
            case Step.FLAG -> {
                leaves.addNumber(at < end ? text[at] : 0);
                yield at < end && (text[at] & ~1) == 0 ? at + 1 : NO_MATCH;
            }
            case Step.FIXED -> {
                leaves.addText(at, (int) step.factor());
                yield step.factor() <= end - at ? at + (int) step.factor() : NO_MATCH;
            }
            case Step.PREFIXED -> prefixed(step, text, at, end, leaves);
            default -> symbol(step, text, at, end, leaves);
        };
    }

    private static long little(byte[] text, int at, int width, int end) {
        long value = 0;
        for (int i = 0; i < width && at + i < end; i++) {
            value |= (text[at + i] & 0xFFL) << (8 * i);
        }
        return value;
    }

    private static int prefixed(Step step, byte[] text, int at, int end, LeafBuffer leaves) {
        int from = varintEnd(text, at, end);
        long length = varint(text, at, end);
        if (from < 0 || length < 0 || length > end - from) {
            return NO_MATCH;
        }
        if ((step.style() & TEXT) != 0 && !Utf8.isValid(text, from, (int) length)) {
            return NO_MATCH;
        }
        leaves.addText(from, (int) length);
        return from + (int) length;
    }

    private static int symbol(Step step, byte[] text, int at, int end, LeafBuffer leaves) {
        byte[][] symbols = step.symbols();
        int next = varintEnd(text, at, end);
        long number = varint(text, at, end);
        if (symbols == null || next < 0 || number < 0 || number >= symbols.length) {
            return NO_MATCH;
        }
        int made = leaves.made.size();
        leaves.made.put(symbols[(int) number]);
        leaves.addMade(made);
        return next;
    }

    static void write(Step step, LeafSource leaves, TextOut out) {
        int leaf = step.leaf();
        int nulls = step.style() & NULLS;
        boolean present = leaves.isPresent(leaf);
        if (nulls != NEVER_NULL) {
            out.put(present == (nulls == NULL_FIRST) ? 2 : 0);
        }
        if (!present) {
            return;
        }
        switch (step.op()) {
            case Step.VARINT -> putVarint(leaves.wholeNumber(leaf) / step.factor(), out);
            case Step.FLOAT64 -> little(Double.doubleToRawLongBits(leaves.floatingPoint(leaf)), 8, out);
            case Step.FLOAT32 -> little(Float.floatToRawIntBits((float) leaves.floatingPoint(leaf)), 4, out);
            case Step.FLAG -> out.put(leaves.truth(leaf) ? 1 : 0);
            case Step.FIXED -> out.put(leaves.bytes(leaf), leaves.start(leaf), leaves.length(leaf));
            case Step.PREFIXED -> {
                putVarint(leaves.length(leaf), out);
                out.put(leaves.bytes(leaf), leaves.start(leaf), leaves.length(leaf));
            }
            default -> symbol(step, leaves, out);
        }
    }

    private static void little(long bits, int width, TextOut out) {
        for (int i = 0; i < width; i++) {
            out.put((int) (bits >>> (8 * i)));
        }
    }

    private static void symbol(Step step, LeafSource leaves, TextOut out) {
        byte[][] symbols = step.symbols();
        byte[] bytes = leaves.bytes(step.leaf());
        int start = leaves.start(step.leaf());
        int end = start + leaves.length(step.leaf());
        for (int i = 0; symbols != null && i < symbols.length; i++) {
            if (Arrays.equals(symbols[i], 0, symbols[i].length, bytes, start, end)) {
                putVarint(i, out);
                return;
            }
        }
    }
}
