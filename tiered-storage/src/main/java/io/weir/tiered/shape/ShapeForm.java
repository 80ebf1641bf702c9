package io.weir.tiered.shape;

/// The stored form of a shape, version 1. Canonical: equal shapes have equal bytes, and the id is their hash.
///
/// ```
/// u8 version=1 | steps
/// step   varint n | n bytes of text | u8 op | by op:
///        0 END
///        1 LONG, 4 BOOLEAN, 6 UUID, 9 TEXT      varint field id
///        2 DECIMAL                              varint field id | u8 digits behind the point
///        3 DOUBLE                               varint field id | u8 style: 0 JavaScript, 1 Java, 2 Python,
///                                               16 + n: n digits behind the point
///        5 STRING                               varint field id | u8 style: 0 minimal, 1 ASCII, 2 HTML, 3 wide HTML,
///                                               4 minimal, capital hex, 5 ASCII, capital hex
///        7 INSTANT                              varint field id | u8 style: 0 date, 1 s, 2 ms, 3 us, 4 s Z, 5 ms Z,
///                                               6 us Z
///        8 LIST                                 varint field id | three texts (varint n, n bytes): open, separator,
///                                               close | steps of one element, ending with END
///        10 PRESENT                             varint field id: this struct, or this empty list, is there
/// varint 7 bits a byte, low bits first
/// ```
///
/// This class writes it, [ShapeCompiler] reads it. One thread.
final class ShapeForm {
    static final int VERSION = 1;

    private final TextOut form = new TextOut();
    private byte[] source = new byte[0];
    private int literalStart;
    private int literalEnd;

    /// Begins a shape whose text stands in `text` from `start` on.
    void begin(byte[] text, int start) {
        form.reset();
        form.put(VERSION);
        source = text;
        literalStart = start;
        literalEnd = start;
    }

    /// Text up to `end` stands as it is.
    void literalTo(int end) {
        literalEnd = end;
    }

    /// A hole, or a mark that takes no text.
    ///
    /// @param end of the hole's text
    void hole(int op, int fieldId, int style, int end) {
        text(source, literalStart, literalEnd - literalStart);
        form.put(op);
        varint(fieldId);
        if (hasStyle(op)) {
            form.put(style);
        }
        resume(end);
    }

    void present(int fieldId) {
        hole(Step.PRESENT, fieldId, 0, literalEnd);
    }

    /// Begins a list; its texts are indexes into the source, end exclusive.
    void list(int fieldId, int openStart, int openEnd, byte[] separator, int closeStart, int closeEnd) {
        text(source, literalStart, literalEnd - literalStart);
        form.put(Step.LIST);
        varint(fieldId);
        text(source, openStart, openEnd - openStart);
        text(separator, 0, separator.length);
        text(source, closeStart, closeEnd - closeStart);
    }

    /// The literal goes on at `at`.
    void resume(int at) {
        literalStart = at;
        literalEnd = at;
    }

    /// Ends the shape, or the steps of an element.
    void end() {
        text(source, literalStart, literalEnd - literalStart);
        form.put(Step.END);
    }

    static boolean hasStyle(int op) {
        return op == Step.DECIMAL || op == Step.DOUBLE || op == Step.STRING || op == Step.INSTANT;
    }

    private void text(byte[] from, int start, int length) {
        varint(length);
        form.put(from, start, length);
    }

    private void varint(int value) {
        int rest = value;
        while (rest >= 0x80) {
            form.put(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        form.put(rest);
    }

    byte[] bytes() {
        return form.bytes();
    }

    int size() {
        return form.size();
    }
}
